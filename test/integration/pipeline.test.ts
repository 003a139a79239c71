import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import { encodeJson } from '../../src/otlp/json.ts';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { AnyValue, ExportLogsServiceRequest, ExportRequest, Signal } from '../../src/otlp/types.ts';
import { type Destination, emptyReport } from '../../src/pipeline/delivery/destination.ts';
import { type Received, startListener } from '../../src/pipeline/listener/listener.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import type { RecordMapper } from '../../src/pipeline/record-mapper.ts';
import { Understanding } from '../../src/pipeline/understand.ts';
import { providers } from '../../src/providers/index.ts';
import { Recorder } from '../../src/session/recorder.ts';
import { enrichmentOf } from '../support/enrichment.ts';
import { readRecording, replay } from '../support/replay.ts';

interface Sent {
  signal: Signal;
  body: Buffer;
  records: number;
}

/** Keeps what it is given, as it would be on the wire. */
function keeper(onSend: () => void = () => {}) {
  const sent: Sent[] = [];
  const destination: Destination = {
    send: ({ signal, request, records, settled }) => {
      sent.push({ signal, body: Buffer.from(encodeProtobuf(signal, request as never)), records });
      settled();
      onSend();
    },
    close: async () => {},
    report: () => emptyReport('test'),
  };
  return { destination, sent };
}

function pipelineTo(destinations: Destination[], mapper: Partial<RecordMapper> = {}) {
  const nothing = () => ({ sessionId: undefined, events: [] });
  const full = { resource: () => [], log: nothing, span: nothing, metric: nothing, ...mapper };
  const recorder = new Recorder(() => null, { vendor: 'openai' });
  const understanding = new Understanding({
    recognises: (name) => name === 'our-cli',
    mapper: full,
    recorder,
    enrichment: enrichmentOf(recorder),
    onEvent: () => {},
  });
  return new Pipeline(understanding, destinations);
}

function logs(serviceName: string, name: string): ExportRequest {
  return {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: serviceName } }] },
        scopeLogs: [{ logRecords: [{ eventName: name, attributes: [] }] }],
      },
    ],
  };
}

function manyLogs(names: readonly string[]): ExportLogsServiceRequest {
  const logRecords = names.map((eventName) => ({ eventName, attributes: [] }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

function eventNamesIn(request: ExportRequest): (string | undefined)[] {
  if (!('resourceLogs' in request)) return [];
  return request.resourceLogs.flatMap((r) =>
    r.scopeLogs.flatMap((s) => s.logRecords.map(({ eventName }) => eventName)),
  );
}

const protobufType = 'application/x-protobuf';
function received(body: Uint8Array, change: Partial<Received> = {}): Received {
  const base = { signal: 'logs', contentType: protobufType, contentEncoding: undefined, at: 1 } as const;
  return { ...base, body: Buffer.from(body), ...change };
}
const encoded = (serviceName: string, name: string) =>
  encodeProtobuf('logs', logs(serviceName, name) as never);
const namesOf = (sent: readonly Sent[]) =>
  sent.map(({ body }) => /event-\w/.exec(body.toString('latin1'))?.[0]);

describe('requests', () => {
  test('are handed on in the order they came, whatever their encoding', async () => {
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination]);
    pipeline.accept(received(gzipSync(encoded('x', 'event-a')), { contentEncoding: 'gzip' }));
    pipeline.accept(received(encoded('x', 'event-b')));
    const json = Buffer.from(encodeJson('logs', logs('x', 'event-c') as never));
    pipeline.accept(received(json, { contentType: 'application/json; charset=utf-8' }));
    await pipeline.settled();
    expect(namesOf(sent)).toEqual(['event-a', 'event-b', 'event-c']);
    expect(sent.map(({ records }) => records)).toEqual([1, 1, 1]);
    expect(pipeline.undecodable).toBe(0);
  });

  test('with metrics count as many points as are sent, each 0 included', async () => {
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination]);
    const point = (session: string) => ({
      asInt: 2,
      timeUnixNano: 2e9,
      attributes: [{ key: 'session.id', value: { stringValue: session } }],
      exemplars: [],
    });
    const dataPoints = ['a', 'b', 'c'].map(point);
    const metric = { name: 'x', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints } };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'our-cli' } }] };
    const request = { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] };
    pipeline.accept(received(Buffer.from(encodeProtobuf('metrics', request)), { signal: 'metrics' }));
    await pipeline.settled();
    expect(sent.map(({ records }) => records)).toEqual([2]);
    expect(pipeline.undecodable).toBe(0);
  });

  test('go to every destination', async () => {
    const [a, b] = [keeper(), keeper()];
    const pipeline = pipelineTo([a.destination, b.destination]);
    pipeline.accept(received(encoded('our-cli', 'event-a')));
    await pipeline.settled();
    expect(a.sent).toEqual(b.sent);
    expect(a.sent).toHaveLength(1);
  });

  test('of another program are passed on byte for byte', async () => {
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination]);
    const body = encoded('my-app', 'event-a');
    pipeline.accept(received(body));
    await pipeline.settled();
    expect(sent[0]?.body).toEqual(Buffer.from(body));
  });

  test('delivered twice are handed on and counted once', async () => {
    const { destination, sent } = keeper();
    let records = 0;
    const pipeline = pipelineTo([destination], {
      log: () => {
        records += 1;
        return { sessionId: undefined, events: [] };
      },
    });
    for (const name of ['event-a', 'event-b', 'event-a']) pipeline.accept(received(encoded('our-cli', name)));
    await pipeline.settled();
    expect(namesOf(sent)).toEqual(['event-a', 'event-b']);
    expect(records).toBe(2);
    expect(pipeline.undecodable).toBe(0);
  });

  test('without records are not handed on', async () => {
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination]);
    pipeline.accept(received(encodeProtobuf('logs', { resourceLogs: [] })));
    pipeline.accept(received(Buffer.from('{}'), { contentType: 'application/json' }));
    await pipeline.settled();
    expect(sent).toEqual([]);
    expect(pipeline.undecodable).toBe(0);
  });

  test.each([
    ['of a type nobody knows', received(encoded('x', 'event-a'), { contentType: 'text/plain' })],
    ['without a type', received(encoded('x', 'event-a'), { contentType: undefined })],
    ['of an encoding nobody knows', received(encoded('x', 'event-a'), { contentEncoding: 'zstd' })],
    ['that are damaged', received(Buffer.from([0x0a, 0xff]))],
    ['that are not JSON', received(Buffer.from('{'), { contentType: 'application/json' })],
  ])('%s are counted and cost the next one nothing', async (_, bad) => {
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination]);
    pipeline.accept(bad);
    pipeline.accept(received(encoded('x', 'event-b')));
    await pipeline.settled();
    expect(pipeline.undecodable).toBe(1);
    expect(namesOf(sent)).toEqual(['event-b']);
  });

  test('that are long go on in parts, in their order, and are settled when every part is', async () => {
    const waiting: (() => void)[] = [];
    const names: (string | undefined)[] = [];
    const destination: Destination = {
      send: ({ request, settled }) => {
        names.push(...eventNamesIn(request));
        waiting.push(settled);
      },
      close: async () => {},
      report: () => emptyReport('test'),
    };
    let settled = 0;
    const passage = {
      forward: true,
      read: () => {},
      settled: () => {
        settled += 1;
      },
    };
    const pipeline = pipelineTo([destination]);
    const sent = Array.from({ length: 5000 }, (_, i) => `event-${i}`);
    pipeline.accept(received(encodeProtobuf('logs', manyLogs(sent))), passage);
    await pipeline.settled();
    expect(names).toEqual(sent);
    expect(waiting.length).toBeGreaterThan(1);
    for (const done of waiting.slice(1)) done();
    expect(settled).toBe(0);
    waiting[0]?.();
    expect(settled).toBe(1);
  });

  test('that are long and damaged are counted once, and lose no more than the parts that are', async () => {
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination]);
    const names = Array.from({ length: 5000 }, (_, i) => `event-${i}`);
    const body = Buffer.from(encodeProtobuf('logs', manyLogs(names)));
    // The length of two names, which then go beyond their records.
    for (const name of ['event-100', 'event-101']) body[body.indexOf(name) - 1] = 0x7f;
    let settled = 0;
    pipeline.accept(received(body), {
      forward: true,
      read: () => {},
      settled: () => {
        settled += 1;
      },
    });
    await pipeline.settled();
    expect(pipeline.undecodable).toBe(1);
    expect(settled).toBe(1);
    const records = sent.reduce((sum, each) => sum + each.records, 0);
    expect(records).toBeGreaterThan(2500);
    expect(records).toBeLessThan(5000);
  });

  test('that a fault of ours meets cost the next one nothing', async () => {
    let calls = 0;
    const { destination, sent } = keeper();
    const pipeline = pipelineTo([destination], {
      log: () => {
        calls += 1;
        if (calls === 1) throw new Error('a fault of ours');
        return { sessionId: undefined, events: [] };
      },
    });
    pipeline.accept(received(encoded('our-cli', 'event-a')));
    pipeline.accept(received(encoded('our-cli', 'event-b')));
    await pipeline.settled();
    expect(pipeline.undecodable).toBe(1);
    expect(namesOf(sent)).toEqual(['event-b']);
  });
});

test('from the socket to the destination', async () => {
  const { destination, sent } = keeper();
  const pipeline = pipelineTo([destination]);
  const listener = await startListener('s3cret', async () => ({
    accept: (each) => pipeline.accept(each),
    room: () => null,
  }));
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { 'content-type': protobufType, 'content-encoding': 'gzip' };
    httpRequest(`${listener.url}/v1/logs`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(gzipSync(encoded('our-cli', 'event-a')));
  });
  expect(answered).toBe(200);
  // The request is handed to the pipeline after its answer.
  while (sent.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await pipeline.settled();
  }
  expect(namesOf(sent)).toEqual(['event-a']);
  expect(sent[0]?.body.toString('latin1')).toContain('ai_trace.run.id');
  await listener.close();
});

/** Keys whose values must not leave (facts §9 and §10 of the three CLIs), as far as the recordings have them. */
const contentKeys = new Set([
  'prompt',
  'response_text',
  'request_text',
  'arguments',
  'output',
  'function_args',
  'metadata',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'error',
  'error.message',
  'exception.message',
  'exception.stacktrace',
  'process.command_args',
  'process.executable.name',
  'process.executable.path',
  'process.owner',
  'host.name',
  'installation.id',
  'user.id',
  'user.email',
  'cwd',
  'routing.reasoning',
]);

/**
 * The texts behind the keys that fit, wherever they stand in a message. Short ones may stand elsewhere by chance.
 */
function textsOf(value: unknown, fits: (key: string) => boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => textsOf(element, fits));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { key } = value as { key?: string };
  if (key === undefined) return Object.values(value).flatMap((member) => textsOf(member, fits));
  return fits(key) ? textsIn((value as { value?: AnyValue }).value ?? {}) : [];
}

function textsIn({ stringValue, arrayValue }: AnyValue): string[] {
  const own = stringValue !== undefined && stringValue.length >= 12 ? [stringValue] : [];
  return [...own, ...(arrayValue?.values ?? []).flatMap(textsIn)];
}

describe.each(Object.values(providers))('recorded sessions of $id', (provider) => {
  const root = fileURLToPath(new URL(`../fixtures/captures/${provider.id}`, import.meta.url));

  test.each(readdirSync(root))('%s: no content leaves', async (scenario) => {
    const dir = `${root}/${scenario}`;
    const requests = readRecording(dir).map(({ signal, contentType, body }) =>
      decode(signal, contentType, body),
    );
    const content = new Set(textsOf(requests, (key) => contentKeys.has(key)));
    // The model stands among the arguments of the command as well, and the CLI itself redacts.
    for (const text of textsOf(requests, (key) => key === 'model')) content.delete(text);
    content.delete('<REDACTED>');
    const { sent } = await replay(provider, dir);
    const texts = sent.map(({ signal, request }) => encodeJson(signal, request as never)).join('\n');
    const left = [...content].filter((text) => texts.includes(JSON.stringify(text).slice(1, -1)));
    expect(left).toEqual([]);
    expect(sent.length).toBeGreaterThan(0);
  });
});

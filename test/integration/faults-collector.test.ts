import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { readResponse } from '../../src/otlp/response.ts';
import type { KeyValue } from '../../src/otlp/types.ts';
import type { Behaviour } from '../support/faults/behaviour.ts';
import { type FaultyCollectorOptions, startFaultyCollector } from '../support/faults/collector.ts';

const idKey = 'test.id';

test('takes what it is sent, and tells records apart', async () => {
  const collector = await started();
  expect((await post(collector.url, 'a', 'b')).status).toBe(200);
  expect((await post(collector.url, 'b')).status).toBe(200);
  expect(Object.fromEntries(collector.identities)).toEqual({ a: 1, b: 2 });
  expect(collector.taken.map(({ signal }) => signal)).toEqual(['logs', 'logs']);
});

const refusals: [name: string, behaviour: Behaviour, status: number, headers: Record<string, string>][] = [
  ['unavailable', { kind: 'status', status: 503 }, 503, {}],
  ['busy', { kind: 'status', status: 429, retryAfter: '2' }, 429, { 'retry-after': '2' }],
  [
    'elsewhere',
    { kind: 'status', status: 301, location: 'http://127.0.0.1:1/' },
    301,
    { location: 'http://127.0.0.1:1/' },
  ],
];

test.each(refusals)('refuses: %s', async (_, behaviour, status, headers) => {
  const collector = await started({ behaviour });
  const response = await post(collector.url, 'a');
  expect(response.status).toBe(status);
  expect(Object.fromEntries(response.headers)).toMatchObject(headers);
  expect(collector.identities).toEqual(new Map());
});

test('refuses requests that hold a bad record, and those only', async () => {
  const collector = await started({ behaviour: { kind: 'bad_record', key: 'poison' } });
  expect((await post(collector.url, 'good')).status).toBe(200);
  const poisoned = body([{ id: 'a' }, { id: 'b', poison: 'yes' }]);
  expect((await send(collector.url, poisoned)).status).toBe(400);
  expect([...collector.identities.keys()]).toEqual(['good']);
});

test('says how much of a request it did not take', async () => {
  const collector = await started({ behaviour: { kind: 'partial', rejected: 3 } });
  const response = await post(collector.url, 'a');
  const answer = new Uint8Array(await response.arrayBuffer());
  expect(readResponse('logs', response.headers.get('content-type') ?? '', answer)).toEqual({
    rejected: 3,
    message: 'too old',
  });
});

test.each(['hang', 'hang_headers', 'hang_body', 'hang_connect'] as const)(
  '%s: never ends its answer',
  async (kind) => {
    const collector = await started({ behaviour: { kind } });
    await expect(fully(post(collector.url, 'a'), AbortSignal.timeout(300))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(collector.arrived()).toBe(kind === 'hang_connect' ? 0 : 1);
    expect(collector.taken).toEqual([]);
  },
);

test('answers late, and takes nothing from a sender that has gone', async () => {
  const collector = await started({ behaviour: { kind: 'slow', ms: 200 } });
  const begun = performance.now();
  expect((await post(collector.url, 'patient')).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(199);
  await expect(send(collector.url, body([{ id: 'hasty' }]), AbortSignal.timeout(50))).rejects.toThrow();
  expect((await post(collector.url, 'patient too')).status).toBe(200);
  expect([...collector.identities.keys()]).toEqual(['patient', 'patient too']);
});

test('resets the connection in the midst of its answer', async () => {
  const collector = await started({ behaviour: { kind: 'reset' } });
  await expect(fully(post(collector.url, 'a'))).rejects.toThrow();
  expect(collector.arrived()).toBe(1);
});

test.each([
  ['wrong_type', 'text/html'],
  ['garbage', 'application/x-protobuf'],
] as const)('%s: 200 with an answer that is none', async (kind, type) => {
  const collector = await started({ behaviour: { kind } });
  const response = await post(collector.url, 'a');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
});

test('is gone and comes back on the same port', async () => {
  const collector = await started({ behaviour: { kind: 'closed' } });
  expect(await connection(collector.url)).toBe('ECONNREFUSED');
  await collector.become({ kind: 'ok' });
  expect((await post(collector.url, 'a')).status).toBe(200);
  await collector.become({ kind: 'hang_connect' });
  await collector.become({ kind: 'ok' });
  expect((await post(collector.url, 'b')).status).toBe(200);
  expect([...collector.identities.keys()]).toEqual(['a', 'b']);
});

async function started(options: FaultyCollectorOptions = {}) {
  const collector = await startFaultyCollector({ idKey, ...options });
  onTestFinished(() => collector.close());
  return collector;
}

function post(url: string, ...ids: string[]): Promise<Response> {
  return send(url, body(ids.map((id) => ({ id }))));
}

function send(url: string, sent: Uint8Array, signal: AbortSignal | null = null): Promise<Response> {
  const headers = { 'content-type': 'application/x-protobuf' };
  return fetch(`${url}/v1/logs`, {
    method: 'POST',
    headers,
    body: new Uint8Array(sent),
    redirect: 'manual',
    signal,
  });
}

/** Head and body. */
async function fully(response: Promise<Response>, deadline?: AbortSignal): Promise<ArrayBuffer> {
  const whole = response.then((head) => head.arrayBuffer());
  if (deadline === undefined) return whole;
  const late = new Promise<never>((_, fail) => {
    deadline.addEventListener('abort', () => fail(deadline.reason));
  });
  whole.catch(() => {}); // ends with the collector, when nobody looks any more
  return Promise.race([whole, late]);
}

function body(records: { id: string; poison?: string }[]): Uint8Array {
  const logRecords = records.map(({ id, poison }) => {
    const attributes: KeyValue[] = [{ key: idKey, value: { stringValue: id } }];
    if (poison !== undefined) attributes.push({ key: 'poison', value: { stringValue: poison } });
    return { attributes };
  });
  return encodeProtobuf('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
}

/** What comes of connecting. */
function connection(url: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => done('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''));
  });
}

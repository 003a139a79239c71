import { describe, expect, test } from 'vitest';
import { encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import type {
  ExportRequest,
  LogRecord,
  Metric,
  Resource,
  ResourceLogs,
  Span,
} from '../../../src/otlp/types.ts';
import type { MappedRecord, RecordMapper } from '../../../src/pipeline/record-mapper.ts';
import { Understanding, type UnderstandingParts } from '../../../src/pipeline/understand.ts';
import { enrichmentOf } from '../../support/enrichment.ts';
import { pointsIn } from '../../support/metric-points.ts';
import { type Attributes, list, log, resource, span, sum } from '../providers/records.ts';
import { call, prompt, recorded, total } from '../session/events.ts';
import { plain } from './plain.ts';
import { delta, number, sumOf } from './points.ts';

const nothing: MappedRecord = { sessionId: undefined, events: [] };

/** A CLI whose records mean what the test says. */
function understandingOf(mapper: Partial<RecordMapper> = {}, parts: Partial<UnderstandingParts> = {}) {
  const recorder = recorded([]);
  const understanding = new Understanding({
    recognises: (serviceName, scopeName) => serviceName === 'our-cli' || scopeName === 'our-scope',
    mapper: { resource: () => [], log: () => nothing, span: () => nothing, metric: () => nothing, ...mapper },
    recorder,
    enrichment: enrichmentOf(recorder),
    onEvent: () => {},
    ...parts,
  });
  return { recorder, understanding };
}

const cli = (attributes: Attributes = {}) => resource({ 'service.name': 'our-cli', ...attributes });
const foreign = () => resource({ 'service.name': 'my-app', 'host.name': 'box' });

function logs(from: Resource, ...logRecords: LogRecord[]) {
  return {
    resourceLogs: [{ resource: from, scopeLogs: [{ scope: { name: 'x', attributes: [] }, logRecords }] }],
  };
}
function spans(from: Resource, ...records: Span[]) {
  return { resourceSpans: [{ resource: from, scopeSpans: [{ scope: { attributes: [] }, spans: records }] }] };
}
function metrics(from: Resource, ...records: Metric[]) {
  return {
    resourceMetrics: [{ resource: from, scopeMetrics: [{ scope: { attributes: [] }, metrics: records }] }],
  };
}

describe('a record of the CLI', () => {
  test('is folded into the session and gets its figures from there', () => {
    const { recorder, understanding } = understandingOf({
      log: () => ({ sessionId: 's', events: [call({ reportedUsd: 0.5 })] }),
    });
    const record = log(1, { 'event.name': 'x' });
    understanding.read(logs(cli(), record));
    expect(recorder.session.llmCalls.size).toBe(1);
    expect(plain(record.attributes)).toMatchObject({
      'session.id': 's',
      'gen_ai.usage.cost_usd': 'double 0.5',
    });
    expect(understanding.received).toEqual({ logs: 1, spans: 0, metricPoints: 0 });
  });

  test('is understood before its content is taken out', () => {
    const { understanding, recorder } = understandingOf({
      log: ({ attributes }) => ({
        sessionId: 's',
        events: attributes.some(({ key }) => key === 'output') ? [prompt()] : [],
      }),
    });
    const record = log(1, { output: 'Process exited with code 3' });
    understanding.read(logs(cli(), record));
    expect(recorder.session.prompts).toHaveLength(1);
    expect(plain(record.attributes)).toEqual({ 'session.id': 's', 'ai_trace.event.name': 'user_prompt' });
  });

  test('that names no session belongs to the current one, also when it came before', () => {
    const { understanding } = understandingOf({
      log: ({ attributes }) => (attributes.length > 0 ? { sessionId: 's', events: [prompt()] } : nothing),
    });
    const [before, first, after] = [log(1, {}), log(2, { own: 'yes' }), log(3, {})];
    understanding.read(logs(cli(), before, first, after));
    expect([before, first, after].map(({ attributes }) => plain(attributes)['session.id'])).toEqual([
      's',
      's',
      's',
    ]);
  });

  test('is not to be sent before the session has a name, and belongs to the run when it gets none', () => {
    const { understanding } = understandingOf({ log: () => nothing });
    const record = log(1, {});
    understanding.read(logs(cli(), record));
    expect(understanding.isNamed).toBe(false);
    understanding.name();
    expect(understanding.isNamed).toBe(true);
    expect(plain(record.attributes)).toEqual({ 'session.id': 'run-1' });
  });

  test('of a hidden thread belongs to the person’s session', () => {
    const { understanding, recorder } = understandingOf({ span: () => ({ sessionId: 'title', events: [] }) });
    recorder.fold({ kind: 'session', sessionId: 's', helper: false });
    recorder.fold({ kind: 'session', sessionId: 'title', helper: true });
    const record = span('x', [1, 2], {});
    understanding.read(spans(cli(), record));
    expect(plain(record.attributes)).toEqual({ 'session.id': 's' });
  });

  test('that is a metric has its session in its resource, not in its points', () => {
    const { understanding } = understandingOf({
      metric: () => ({ sessionId: 's', events: [total()] }),
    });
    const request = metrics(cli({ 'host.name': 'box' }), sum('a', 2, 1, { model: 'm' }), sum('b', 2, 1, {}));
    understanding.read(request);
    const [from] = request.resourceMetrics;
    expect(plain(from?.resource.attributes ?? [])).toMatchObject({
      'session.id': 's',
      'service.instance.id': 'run-1',
    });
    expect(JSON.stringify(from?.scopeMetrics)).not.toContain('session.id');
    expect(understanding.received.metricPoints).toBe(2);
  });

  test('that is a metric stands at one time with the others of its resource, and after those before', () => {
    const { understanding } = understandingOf();
    const told = (...measured: [name: string, at: number][]) => {
      const request = metrics(
        cli(),
        ...measured.map(([name, at]) => ({ ...sumOf(delta, number({ asInt: 1 }, { at })), name })),
      );
      understanding.read(request);
      return pointsIn(request).map(({ metric, value, time }) => [metric, value, time / 1e6]);
    };
    expect(told(['a', 2000.2], ['b', 2000.9])).toEqual([
      ['a', 0, 1999.9],
      ['a', 1, 2000.9],
      ['b', 0, 1999.9],
      ['b', 1, 2000.9],
    ]);
    expect(told(['b', 2000.9])).toEqual([['b', 2, 2001.9]]);
    expect(told(['a', 1500], ['c', 1000])).toEqual([
      ['a', 2, 2002.9],
      ['c', 0, 2001.9],
      ['c', 1, 2002.9],
    ]);
  });

  test.each([
    ['from the future', Date.now() + 86_400_000],
    ['without a time', 0],
  ])('that is a metric %s stands at the time at which it came', (_, at) => {
    const before = Date.now();
    const { understanding } = understandingOf();
    const request = metrics(cli(), sumOf(delta, number({ asInt: 1 }, { at })));
    understanding.read(request);
    const time = Math.round((pointsIn(request).at(-1)?.time ?? 0) / 1e6);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  test('tells its events when the session knows of them', () => {
    const seen: unknown[] = [];
    const { understanding, recorder } = understandingOf(
      { log: () => ({ sessionId: 's', events: [prompt(), call()] }) },
      {
        onEvent: ({ kind }) => {
          seen.push([kind, recorder.session.prompts.length, recorder.session.llmCalls.size]);
        },
      },
    );
    understanding.read(logs(cli(), log(1, {})));
    expect(seen).toEqual([
      ['prompt', 1, 0],
      ['llm_call', 1, 1],
    ]);
  });

  test('has its resource cleaned and shaped, its scope cleaned', () => {
    const { understanding } = understandingOf({
      resource: () => [{ kind: 'cli', version: '9' }],
    });
    const request = logs(cli({ 'host.name': 'box', 'process.command_args': 'my secret plan' }), log(1, {}));
    request.resourceLogs[0]?.scopeLogs[0]?.scope.attributes.push(
      ...(list({ 'user.id': 'me', kept: 'yes' }) as never[]),
    );
    understanding.read(request);
    const text = JSON.stringify(request);
    expect(text).not.toMatch(/box|secret|"me"/);
    expect(text).toContain('kept');
    expect(plain(request.resourceLogs[0]?.resource.attributes ?? [])).toMatchObject({
      'service.name': 'codex',
      'ai_trace.native.service.name': 'our-cli',
    });
  });

  test('is known by its scope where the user has renamed the service, and gets a resource where it has none', () => {
    const { understanding } = understandingOf();
    const scopeLogs = () => [{ scope: { name: 'our-scope', attributes: [] }, logRecords: [log(1, {})] }];
    const request = {
      resourceLogs: [
        { resource: resource({ 'service.name': 'mine' }), scopeLogs: scopeLogs() },
        { scopeLogs: scopeLogs() },
      ] as ResourceLogs[],
    };
    understanding.read(request);
    expect(request.resourceLogs.map(({ resource }) => plain(resource?.attributes ?? []))).toMatchObject([
      { 'service.name': 'codex', 'ai_trace.native.service.name': 'mine' },
      { 'service.name': 'codex' },
    ]);
    expect(understanding.received.logs).toBe(2);
  });
});

describe('where nothing is forwarded', () => {
  test('records are understood, stay as they are and wait for no name', () => {
    const { understanding, recorder } = understandingOf(
      { log: ({ attributes }) => (attributes.length > 0 ? { sessionId: 's', events: [prompt()] } : nothing) },
      { enrichment: null },
    );
    const early = () => logs(cli(), log(1, {}));
    const later = () => logs(cli(), log(2, { prompt: 'mine' }));
    const requests = [early(), later()];
    understanding.read(requests[0] ?? early());
    expect(understanding.isNamed).toBe(true);
    understanding.read(requests[1] ?? later());
    expect(requests).toEqual([early(), later()]);
    expect(recorder.session.prompts).toHaveLength(1);
    expect(understanding.received.logs).toBe(2);
  });
});

describe('what another program sent', () => {
  const requests: [string, 'logs' | 'traces' | 'metrics', () => ExportRequest][] = [
    ['logs', 'logs', () => logs(foreign(), log(1, { prompt: 'theirs' }))],
    ['spans', 'traces', () => spans(foreign(), span('GET /', [1, 2], { 'user.id': 'theirs' }))],
    ['metrics', 'metrics', () => metrics(foreign(), sum('claude_code.cost.usage', 2, 9, { 'user.id': 'x' }))],
  ];

  test.each(requests)('is passed on byte for byte and never counted: %s', (_, signal, make) => {
    const { understanding, recorder } = understandingOf({
      log: () => ({ sessionId: 's', events: [prompt()] }),
      span: () => ({ sessionId: 's', events: [prompt()] }),
      metric: () => ({ sessionId: 's', events: [total()] }),
    });
    const request = make();
    understanding.read(request);
    expect(Buffer.from(encodeProtobuf(signal, request as never))).toEqual(
      Buffer.from(encodeProtobuf(signal, make() as never)),
    );
    expect(understanding.received).toEqual({ logs: 0, spans: 0, metricPoints: 0 });
    expect(recorder.session.ids.size).toBe(0);
  });

  test('in one request with the CLI’s stays as it is', () => {
    const { understanding } = understandingOf();
    const [ours] = logs(cli(), log(1, { prompt: 'ours' })).resourceLogs;
    const [theirs] = logs(foreign(), log(2, { prompt: 'theirs' })).resourceLogs;
    if (!ours || !theirs) throw new Error('no logs');
    understanding.read({ resourceLogs: [theirs, ours] });
    expect({ resourceLogs: [theirs] }).toEqual(logs(foreign(), log(2, { prompt: 'theirs' })));
    expect(JSON.stringify(ours)).not.toContain('prompt');
    expect(understanding.received.logs).toBe(1);
  });
});

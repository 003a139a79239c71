import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExportRequest, Metric, Resource, Signal } from '../../../../src/otlp/types.ts';
import { OwnTelemetry } from '../../../../src/pipeline/unified/own-telemetry.ts';
import { UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import { UnifiedTraces } from '../../../../src/pipeline/unified/traces.ts';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { runAttributes } from '../../../support/run-attributes.ts';
import { call, failure, prompt, recorded, turnEnd } from '../../session/events.ts';
import { plain } from '../plain.ts';
import { ended } from './ended.ts';

/** Any time will do that lies after the first telling of the metrics, in 1970. */
const now = 1_800_000_000_000;

interface Sent {
  /** ms since the start of the test. */
  at: number;
  signal: Signal;
  request: ExportRequest;
}

/**
 * A run whose records may come 500 ms apart, with metrics that are told as often as they are asked for.
 * @param portions in how many they are counted, each time
 */
function start({ withTraces = true, portions = 1 } = {}) {
  const recorder = recorded([]);
  const run = runAttributes();
  const ids = new UnifiedIds({ scope: 'turn', runId: run.runId, parent: null, sampleRate: 1 });
  const sent: Sent[] = [];
  const metric: Metric = { name: 'm' };
  let counted = 0;
  const own = new OwnTelemetry({
    recorder,
    run,
    traces: withTraces ? { spans: new UnifiedTraces(recorder, ids, run), ids } : null,
    metrics: {
      count: () => ++counted % portions === 0,
      collect: () => [metric],
      close: () => [metric],
    } as never,
    version: '1.2.3',
    settleMs: () => 500,
    send: (signal, request) => sent.push({ at: Date.now() - now, signal, request }),
  });
  return {
    own,
    sent,
    tell(...events: AgentEvent[]) {
      for (const event of events) {
        recorder.fold(event);
        own.onEvent(event);
      }
    },
    counted: () => counted,
    close: () => own.close(ended(recorder.session)),
    /** When requests of a signal were sent, ms. */
    times: (signal: Signal) => sent.flatMap((each) => (each.signal === signal ? [each.at] : [])),
  };
}

function spansIn({ request }: Sent): string[] {
  if (!('resourceSpans' in request)) return [];
  return request.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(({ name = '' }) => name)),
  );
}

beforeEach(() => {
  vi.useFakeTimers({ now });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('spans', () => {
  test('leave when they have settled, though nothing more happens', () => {
    const run = start();
    run.tell(prompt(), call(), turnEnd());
    vi.advanceTimersByTime(499);
    expect(run.times('traces')).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(run.sent.flatMap(spansIn)).toEqual(['invoke_agent codex', 'chat model-a']);
    vi.advanceTimersByTime(600_000);
    expect(run.times('traces')).toHaveLength(1);
  });

  test('leave while others keep coming', () => {
    const run = start();
    for (let i = 0; i < 40; i += 1) {
      run.tell(failure({ errorId: `e${i}`, model: `m${i}` }));
      vi.advanceTimersByTime(100);
    }
    const left = run.sent.flatMap(spansIn);
    expect(left.slice(0, 2)).toEqual(['chat m0', 'chat m1']);
    expect(left.length).toBeGreaterThanOrEqual(28);
    expect(new Set(left).size).toBe(left.length);
  });

  test('are not looked for again within 100 ms, however much comes', () => {
    const run = start();
    for (let i = 0; i < 1000; i += 1) {
      run.tell(failure({ errorId: `e${i}` }));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(1000);
    // Each look finds those of 100 ms, which leave within a few.
    const looks = run.times('traces').filter((at, i, times) => at - (times[i - 1] ?? -100) > 10);
    expect(Math.min(...looks.slice(1).map((at, i) => at - (looks[i] ?? 0)))).toBeGreaterThanOrEqual(90);
    expect(run.sent.flatMap(spansIn)).toHaveLength(1000);
  });

  test('leave in parts when there are many, and all that are left at the end', () => {
    const run = start();
    run.tell(...Array.from({ length: 300 }, (_, i) => failure({ errorId: `e${i}` })));
    vi.advanceTimersByTime(500);
    expect(run.sent.map((each) => spansIn(each).length).filter(Boolean)).toEqual([16]);
    run.close();
    expect(run.sent.map((each) => spansIn(each).length).filter(Boolean)).toEqual([16, 285]);
  });

  test('are told as ours: whose, by what', () => {
    const run = start();
    run.tell(failure());
    vi.advanceTimersByTime(1000);
    const request = run.sent.find(({ signal }) => signal === 'traces')?.request;
    const [part] = request && 'resourceSpans' in request ? request.resourceSpans : [];
    expect(part?.scopeSpans[0]?.scope).toMatchObject({ name: 'ai-trace', version: '1.2.3' });
    expect(told(part?.resource)).toMatchObject({ 'service.name': 'codex', 'ai_trace.run.id': 'run-1' });
    expect(told(part?.resource)).not.toHaveProperty('service.instance.id');
  });

  test('are not sent where none are asked for; metrics and summary are', () => {
    const run = start({ withTraces: false });
    run.tell(prompt(), call(), turnEnd());
    vi.advanceTimersByTime(10_000);
    run.close();
    expect(run.times('traces')).toEqual([]);
    expect(run.times('metrics')).not.toEqual([]);
    expect(run.times('logs')).toHaveLength(1);
  });
});

describe('metrics', () => {
  const gaps = (times: readonly number[]) => times.slice(1).map((at, i) => at - (times[i] ?? 0));

  test('are told every 2 seconds at most, while there is news', () => {
    const run = start({ withTraces: false });
    for (let i = 0; i < 300; i += 1) {
      run.tell(call({ callId: `c${i}` }));
      vi.advanceTimersByTime(50);
    }
    const times = run.times('metrics');
    expect(times.length).toBeGreaterThanOrEqual(5);
    expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...gaps(times))).toBeLessThanOrEqual(2600);
  });

  test('are told once more when what they hold back has settled, then once a minute, when there is none', () => {
    const run = start();
    run.tell(prompt());
    vi.advanceTimersByTime(250_000);
    expect(run.times('metrics')).toEqual([500, 7500, 67_500, 127_500, 187_500, 247_500]);
  });

  test('are counted portion by portion, and told when that was all', () => {
    const run = start({ portions: 3 });
    run.tell(prompt());
    vi.advanceTimersByTime(500);
    expect([run.counted(), run.times('metrics')]).toEqual([1, []]);
    vi.advanceTimersByTime(10);
    expect(run.counted()).toBe(3);
    expect(run.times('metrics')).toHaveLength(1);
    run.tell(call(), turnEnd());
    vi.advanceTimersByTime(1000);
    expect(run.times('traces')).not.toEqual([]);
    vi.advanceTimersByTime(1600);
    expect(run.times('metrics')).toHaveLength(2);
  });

  test('tell the last news though nothing more happens', () => {
    const run = start();
    run.tell(prompt());
    vi.advanceTimersByTime(600);
    run.tell(call());
    vi.advanceTimersByTime(5000);
    expect(run.times('metrics')).toEqual([500, 2500]);
  });

  test('tell news at once after a quiet time', () => {
    const run = start();
    run.tell(prompt());
    vi.advanceTimersByTime(30_000);
    run.tell(call());
    vi.advanceTimersByTime(1000);
    expect(run.times('metrics')).toEqual([500, 7500, 30_500]);
  });

  test('have the run in their resource', () => {
    const run = start();
    run.tell(prompt());
    vi.advanceTimersByTime(500);
    const request = run.sent.find(({ signal }) => signal === 'metrics')?.request;
    const [part] = request && 'resourceMetrics' in request ? request.resourceMetrics : [];
    expect(told(part?.resource)).toMatchObject({ 'service.instance.id': 'run-1' });
  });
});

describe('at the end', () => {
  test('everything left is sent, the summary last', () => {
    const run = start();
    run.tell(prompt(), call());
    run.close();
    expect(run.sent.map(({ signal }) => signal)).toEqual(['traces', 'metrics', 'logs']);
    expect(run.sent.flatMap(spansIn)).toEqual(['invoke_agent codex', 'chat model-a', 'ai-trace codex']);
    const request = run.sent.at(-1)?.request;
    const [part] = request && 'resourceLogs' in request ? request.resourceLogs : [];
    const [record] = part?.scopeLogs[0]?.logRecords ?? [];
    expect(plain(record?.attributes ?? [])).toMatchObject({
      'event.name': 'ai_trace.session.summary',
      'session.id': 's',
    });
  });

  test('a run of which nothing is known has its summary too', () => {
    const run = start();
    run.close();
    const request = run.sent.at(-1)?.request;
    const [part] = request && 'resourceLogs' in request ? request.resourceLogs : [];
    expect(plain(part?.scopeLogs[0]?.logRecords[0]?.attributes ?? [])).toMatchObject({
      'session.id': 'run-1',
    });
  });

  test('nothing is sent any more, whatever still comes', () => {
    const run = start();
    run.tell(prompt(), call());
    run.close();
    const before = run.sent.length;
    run.tell(failure());
    vi.advanceTimersByTime(600_000);
    expect(run.sent).toHaveLength(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('nothing is sent any more, though nothing had been told before', () => {
    const run = start();
    run.close();
    const before = run.sent.length;
    run.tell(prompt(), failure());
    vi.advanceTimersByTime(600_000);
    expect(run.sent).toHaveLength(before);
  });
});

test('no timer keeps the process alive', () => {
  vi.useRealTimers();
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const run = start();
  run.tell(prompt(), call());
  const during = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  run.close();
  expect(during).toBe(before);
});

function told(resource: Resource | undefined) {
  return plain(resource?.attributes ?? []);
}

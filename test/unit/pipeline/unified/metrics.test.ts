import { describe, expect, test } from 'vitest';
import type { Metric } from '../../../../src/otlp/types.ts';
import { UnifiedMetrics } from '../../../../src/pipeline/unified/metrics.ts';
import { groupBy } from '../../../../src/session/group-by.ts';
import type { Recorder } from '../../../../src/session/recorder.ts';
import { runAttributes } from '../../../support/run-attributes.ts';
import {
  collect,
  countOf,
  endedAt,
  lastOfEach,
  readMetrics,
  sumOf,
} from '../../../support/unified-metrics.ts';
import {
  call,
  decision,
  failure,
  prompt,
  recorded,
  toolCall,
  total,
  turnEnd,
  usage,
} from '../../session/events.ts';
import { bucketsOf } from '../points.ts';

const startedAt = 500;
/** By then all of a session's events, which end within its first seconds, have settled. */
const later = 20_000;

function metricsOf(recorder: Recorder): UnifiedMetrics {
  return new UnifiedMetrics(recorder, null, runAttributes(), startedAt);
}

function closed(recorder: Recorder): Metric[] {
  return metricsOf(recorder).close(endedAt(recorder, later));
}

/** `[metric, labels, value]` of what each series stands at. */
function standing(metrics: readonly Metric[]) {
  return lastOfEach(readMetrics(metrics)).map(({ metric, labels, value }) => [metric, labels, value]);
}

const provider = { 'gen_ai.provider.name': 'openai' };
const main = { ...provider, 'gen_ai.request.model': 'model-a', 'ai_trace.call.role': 'main' };

describe('what is told', () => {
  const recorder = recorded([
    { kind: 'cli', billing: 'subscription' },
    prompt({ traceId: 'ab', turnKey: 'turn-1' }),
    call({ durationMs: 1500, traceId: 'ab', usage: usage({ cacheReadTokens: 40, reasoningTokens: 4 }) }),
    call({ callId: 'call-2', role: 'utility', agentId: 'agent-1', usage: usage({ inputTokens: 7 }) }),
    failure({ durationMs: 300, model: 'model-a', statusCode: 429 }),
    failure({ errorId: 'error-2', type: 'network' }),
    toolCall({ durationMs: 250, mcpServer: 'server', exitCode: 0 }),
    toolCall({ callId: 'tool-2', durationMs: 100, success: false, failure: 'ShellError' }),
  ]);

  test('has the labels that a dashboard groups by, and no ids', () => {
    const utility = { ...main, 'ai_trace.call.role': 'utility' };
    const limited = { ...main, 'error.type': 'rate_limit' };
    const unknown = { ...provider, 'ai_trace.call.role': 'main', 'error.type': 'network' };
    const tool = { ...provider, 'gen_ai.tool.name': 'shell' };
    expect(standing(closed(recorder))).toEqual([
      ['ai_trace.sessions', provider, 1],
      ['ai_trace.tokens', { ...main, 'gen_ai.token.type': 'input' }, 60],
      ['ai_trace.tokens', { ...main, 'gen_ai.token.type': 'cache_read' }, 40],
      ['ai_trace.tokens', { ...main, 'gen_ai.token.type': 'output' }, 6],
      ['ai_trace.tokens', { ...main, 'gen_ai.token.type': 'reasoning' }, 4],
      ['ai_trace.tokens', { ...utility, 'gen_ai.token.type': 'input' }, 7],
      ['ai_trace.tokens', { ...utility, 'gen_ai.token.type': 'output' }, 10],
      ['ai_trace.cost', { ...main, 'ai_trace.cost.billing': 'subscription' }, 0.11],
      ['ai_trace.cost', { ...utility, 'ai_trace.cost.billing': 'subscription' }, 0.017],
      ['ai_trace.errors', limited, 1],
      ['ai_trace.errors', unknown, 1],
      ['ai_trace.llm.duration', main, 1.5],
      ['ai_trace.llm.duration', limited, 0.3],
      ['ai_trace.tool.duration', tool, 0.25],
      ['ai_trace.tool.duration', { ...tool, 'error.type': 'tool_error' }, 0.1],
    ]);
  });

  test('is running totals in units that Prometheus makes good names of', () => {
    const metrics = closed(recorder);
    expect(metrics.map(({ name, unit }) => [name, unit])).toEqual([
      ['ai_trace.sessions', undefined],
      ['ai_trace.tokens', '{token}'],
      ['ai_trace.cost', 'USD'],
      ['ai_trace.errors', undefined],
      ['ai_trace.llm.duration', 's'],
      ['ai_trace.tool.duration', 's'],
    ]);
    for (const { sum, histogram } of metrics) {
      expect((sum ?? histogram)?.aggregationTemporality).toBe(2);
      if (sum) expect(sum.isMonotonic).toBe(true);
    }
  });

  test('begins with a 0 in each series, one ms before its first value, and never again', () => {
    const metrics = metricsOf(recorder);
    const points = readMetrics([...collect(metrics, later), ...collect(metrics, later + 90_000)]);
    const series = groupBy(points, (point) => point.series);
    expect(series.size).toBe(15);
    for (const [zero, first, again, ...more] of series.values()) {
      expect(zero).toMatchObject({ value: 0, at: later - 1, startedAt });
      expect(first).toMatchObject({ at: later, startedAt });
      expect(again).toMatchObject({ at: later + 90_000, startedAt, value: first?.value });
      expect(more).toEqual([]);
    }
  });
});

describe('a histogram', () => {
  test('puts what is exactly a bound below it, and what is beyond the last one above', () => {
    const metrics = closed(
      recorded([
        toolCall({ durationMs: 10 }),
        toolCall({ callId: 'b', durationMs: 10.001 }),
        toolCall({ callId: 'c', durationMs: 400_000 }),
      ]),
    );
    const point = metrics.find(({ histogram }) => histogram)?.histogram?.dataPoints.at(-1);
    expect(point?.explicitBounds).toHaveLength(16 * 8);
    expect(point && bucketsOf(point)).toEqual([1, 1, ...Array(14).fill(0), 1]);
    expect([Number(point?.count), point?.min, point?.max]).toEqual([3, 0.01, 400]);
  });

  test('has no tool that was not allowed, did not end or tells no time', () => {
    const metrics = closed(
      recorded([
        decision({ callId: 'open' }),
        decision({ callId: 'no', accepted: false }),
        toolCall({ callId: 'no', durationMs: 3, success: false }),
        toolCall({ callId: 'timeless' }),
      ]),
    );
    expect(metrics.map(({ name }) => name)).toEqual(['ai_trace.sessions']);
  });

  test('has a call that contains others, and those, by their names as the receipt has', () => {
    const metrics = closed(
      recorded([
        toolCall({ callId: 'outer', name: 'exec', nesting: 'container', durationMs: 900 }),
        toolCall({ callId: 'inner', name: 'shell', nesting: 'nested', durationMs: 800 }),
      ]),
    );
    expect(standing(metrics).slice(1)).toEqual([
      ['ai_trace.tool.duration', { ...provider, 'gen_ai.tool.name': 'exec' }, 0.9],
      ['ai_trace.tool.duration', { ...provider, 'gen_ai.tool.name': 'shell' }, 0.8],
    ]);
  });

  test('has a call when the last of its records has come, and once', () => {
    const recorder = recorded([call({ endedAt: 2000, durationMs: 100 })]);
    const metrics = metricsOf(recorder);
    expect(collect(metrics, 7999).map(({ name }) => name)).not.toContain('ai_trace.llm.duration');
    recorder.fold(call({ endedAt: 2100, durationMs: 900 }));
    const told = [...collect(metrics, 8100), ...metrics.close(endedAt(recorder, later))];
    expect(sumOf(readMetrics(told), 'ai_trace.llm.duration')).toBe(0.9);
    expect(countOf(readMetrics(told), 'ai_trace.llm.duration')).toBe(1);
  });
});

test('what has settled is counted in portions, each of it once', () => {
  const recorder = recorded([
    call({ durationMs: 100 }),
    call({ callId: 'call-2', durationMs: 100 }),
    toolCall({ durationMs: 100 }),
  ]);
  const metrics = metricsOf(recorder);
  expect([metrics.count(later, 0, times(2)), metrics.count(later, 0, times(2))]).toEqual([false, true]);
  const points = readMetrics([...collect(metrics, later), ...metrics.close(endedAt(recorder, later))]);
  const counts = ['ai_trace.llm.duration', 'ai_trace.tool.duration'].map((name) => countOf(points, name));
  expect(counts).toEqual([2, 1]);
});

describe('time goes by', () => {
  test('and what has not changed is not told', () => {
    const recorder = recorded([call()]);
    const metrics = metricsOf(recorder);
    expect(collect(metrics, 100_000)).not.toEqual([]);
    expect(collect(metrics, 102_000)).toEqual([]);
    recorder.fold(call({ callId: 'call-2', model: 'model-b' }));
    const models = readMetrics(collect(metrics, 104_000)).map(({ labels }) => labels['gen_ai.request.model']);
    expect(new Set(models)).toEqual(new Set(['model-b']));
  });

  test('and everything is told again after a minute', () => {
    const metrics = metricsOf(recorded([call()]));
    const first = lastOfEach(readMetrics(collect(metrics, 100_000)));
    expect(collect(metrics, 159_999)).toEqual([]);
    const again = readMetrics(collect(metrics, 160_000));
    expect(again).toEqual(first.map((point) => ({ ...point, at: 160_000 })));
  });

  test('and the last points are later than all before, whenever the CLI ended', () => {
    const recorder = recorded([call()]);
    const metrics = metricsOf(recorder);
    collect(metrics, later);
    recorder.fold(call({ callId: 'call-2' }));
    const points = readMetrics(metrics.close(endedAt(recorder, later - 3000)));
    expect(new Set(points.map(({ at }) => at))).toEqual(new Set([later + 1]));
    expect(sumOf(points, 'ai_trace.tokens')).toBe(220);
  });
});

describe('what was told is not taken back', () => {
  test('when the CLI tells a lower price of the turn', () => {
    const recorder = recorded([
      prompt({ traceId: 'ab' }),
      call({ traceId: 'ab' }),
      turnEnd({ traceId: 'ab', turnId: 'turn-1' }),
    ]);
    const metrics = metricsOf(recorder);
    collect(metrics, later);
    recorder.fold({ kind: 'turn_cost', sessionId: 's', turnId: 'turn-1', usd: 0.05 });
    expect(sumOf(readMetrics(metrics.close(endedAt(recorder, later + 1000))), 'ai_trace.cost')).toBe(0.11);
    expect(sumOf(readMetrics(closed(recorder)), 'ai_trace.cost')).toBe(0.05);
  });

  test('when it becomes known later who pays', () => {
    const recorder = recorded([call()]);
    const metrics = metricsOf(recorder);
    collect(metrics, later);
    recorder.fold({ kind: 'cli', billing: 'api' });
    recorder.fold(call({ callId: 'call-2' }));
    recorder.fold(call({ callId: 'call-3', model: 'model-b' }));
    const costs = standing(metrics.close(endedAt(recorder, later))).filter(
      ([name]) => name === 'ai_trace.cost',
    );
    expect(costs).toEqual([
      ['ai_trace.cost', { ...main, 'ai_trace.cost.billing': 'unknown' }, 0.22],
      ['ai_trace.cost', { ...main, 'gen_ai.request.model': 'model-b', 'ai_trace.cost.billing': 'api' }, 0.11],
    ]);
  });
});

test('tokens that only the totals of the CLI tell of are counted', () => {
  const recorder = recorded([
    call(),
    total({ measure: 'input', value: 150 }),
    total({ measure: 'output', value: 30 }),
    total({ measure: 'usd', value: 0.5 }),
  ]);
  const points = readMetrics(closed(recorder));
  expect([sumOf(points, 'ai_trace.tokens'), sumOf(points, 'ai_trace.cost')]).toEqual([180, 0.5]);
});

test('a call without a price costs nothing, and no 0 USD is told', () => {
  const metrics = closed(recorded([call()], () => null));
  expect(metrics.map(({ name }) => name)).toEqual(['ai_trace.sessions', 'ai_trace.tokens']);
});

/** Says so often that there is time. */
function times(count: number): () => boolean {
  let left = count;
  return () => left-- > 0;
}

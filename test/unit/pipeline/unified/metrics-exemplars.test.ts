import { describe, expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import { msFromNanos } from '../../../../src/otlp/time.ts';
import { UnifiedMetrics } from '../../../../src/pipeline/unified/metrics.ts';
import { UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import { UnifiedTraces } from '../../../../src/pipeline/unified/traces.ts';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { runAttributes } from '../../../support/run-attributes.ts';
import { collect, endedAt, readMetrics } from '../../../support/unified-metrics.ts';
import { call, decision, failure, prompt, recorded, toolCall } from '../../session/events.ts';

const run = runAttributes();
const later = 20_000;

function begin(events: readonly AgentEvent[], sampleRate = 1) {
  const recorder = recorded(events);
  const ids = new UnifiedIds({ scope: 'turn', runId: run.runId, parent: null, sampleRate });
  return { recorder, ids, metrics: new UnifiedMetrics(recorder, ids, run, 500) };
}

/** `[metric, value, time (Unix ms), trace/span]` */
function exemplarsIn(metrics: ReturnType<UnifiedMetrics['collect']>) {
  return readMetrics(metrics).flatMap(({ metric, exemplars }) =>
    exemplars.map(({ asDouble, timeUnixNano, traceId, spanId }) => [
      metric,
      asDouble,
      msFromNanos(timeUnixNano),
      `${hex(traceId)}/${hex(spanId)}`,
    ]),
  );
}

const events: AgentEvent[] = [
  prompt(),
  call({ durationMs: 700 }),
  failure({ durationMs: 200 }),
  toolCall({ durationMs: 50 }),
];

describe('exemplars', () => {
  test('lead to the spans of what was counted', () => {
    const { recorder, ids, metrics } = begin(events);
    const told = exemplarsIn(collect(metrics, later));
    const spans = new UnifiedTraces(recorder, ids, run).close(endedAt(recorder, later));
    const place = (name: string, errorType?: string) => {
      const span = spans.find((each) => each.name === name && !!each.status === (errorType !== undefined));
      return `${hex(span?.traceId)}/${hex(span?.spanId)}`;
    };
    expect(told).toEqual([
      ['ai_trace.cost', 0.11, 2000, place('chat model-a')],
      ['ai_trace.errors', 1, 1500, place('chat unknown', 'rate_limit')],
      ['ai_trace.llm.duration', 0.7, 2000, place('chat model-a')],
      ['ai_trace.llm.duration', 0.2, 1500, place('chat unknown', 'rate_limit')],
      ['ai_trace.tool.duration', 0.05, 4000, place('execute_tool shell')],
    ]);
  });

  test('lead a tool that went on to the turn it was asked for in', () => {
    const { ids, recorder, metrics } = begin([
      prompt(),
      decision({ at: 1500 }),
      prompt({ at: 3000 }),
      toolCall({ endedAt: 4000, durationMs: 2400 }),
    ]);
    const [[, , , place] = []] = exemplarsIn(collect(metrics, later));
    const spans = new UnifiedTraces(recorder, ids, run).close(endedAt(recorder, later));
    const tool = spans.find(({ name }) => name === 'execute_tool shell');
    expect(place).toBe(`${hex(tool?.traceId)}/${hex(tool?.spanId)}`);
  });

  test('are told once', () => {
    const { metrics } = begin(events);
    collect(metrics, later);
    expect(exemplarsIn(collect(metrics, later + 60_000))).toEqual([]);
  });

  test('are the last five', () => {
    const calls = [1, 2, 3, 4, 5, 6, 7].map((n) => call({ callId: `call-${n}`, durationMs: n * 1000 }));
    const { metrics } = begin([prompt(), ...calls]);
    const told = exemplarsIn(collect(metrics, later)).filter(([name]) => name === 'ai_trace.llm.duration');
    expect(told.map(([, seconds]) => seconds)).toEqual([3, 4, 5, 6, 7]);
  });

  test('never lead to a trace that is not sent', () => {
    const { recorder, metrics } = begin(events, 0);
    expect(exemplarsIn(collect(metrics, later))).toEqual([]);
    const withoutSpans = new UnifiedMetrics(recorder, null, run, 500);
    expect(exemplarsIn(collect(withoutSpans, later))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import { msFromNanos } from '../../../../src/otlp/time.ts';
import type { Ended } from '../../../../src/pipeline/unified/session-span.ts';
import { UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import { summaryEvent } from '../../../../src/pipeline/unified/summary-event.ts';
import { noUsage } from '../../../../src/session/usage.ts';
import { runAttributes } from '../../../support/run-attributes.ts';
import { call, failure, prompt, recorded, toolCall, usage } from '../../session/events.ts';
import { plain } from '../plain.ts';
import { ended } from './ended.ts';

const ids = new UnifiedIds({ scope: 'turn', runId: 'run-1', parent: null, sampleRate: 1 });

const { session } = recorded([
  prompt({ at: 1000 }),
  call({
    durationMs: 500,
    usage: usage({ cacheReadTokens: 40, cacheWriteTokens: 20, reasoningTokens: 4 }),
    reportedUsd: 0.25,
  }),
  toolCall({ durationMs: 120 }),
  failure({ at: 1500 }),
  { kind: 'approval_wait', sessionId: 's', startedAt: 3000, endedAt: 3300 },
]);

function summary(change: Partial<Ended> = {}) {
  return summaryEvent(ended(session, change), runAttributes(), 's', ids);
}

test('the summary says what the receipt says', () => {
  expect(plain(summary().attributes)).toEqual({
    'session.id': 's',
    'event.name': 'ai_trace.session.summary',
    'ai_trace.event.name': 'session_summary',
    'gen_ai.agent.name': 'codex',
    'ai_trace.session.turns': 'int 1',
    'ai_trace.session.llm_calls': 'int 1',
    'ai_trace.session.tool_calls': 'int 1',
    'ai_trace.session.input_tokens': 'int 100',
    'ai_trace.session.output_tokens': 'int 10',
    'ai_trace.session.cache_read_tokens': 'int 40',
    'ai_trace.session.cache_write_tokens': 'int 20',
    'ai_trace.session.reasoning_tokens': 'int 4',
    'ai_trace.session.cost_usd': 'double 0.25',
    'ai_trace.cost.source': 'reported',
    'cost.estimated': false,
    'ai_trace.session.duration_ms': 'int 8500',
    'ai_trace.session.llm_ms': 'int 500',
    'ai_trace.session.tool_ms': 'int 120',
    'ai_trace.session.waiting_ms': 'int 300',
    'ai_trace.error.count': 'int 1',
    'ai_trace.session.last_error': 'rate_limit',
    'process.exit.code': 'int 0',
  });
});

describe('the summary', () => {
  test('is an event of the end, in the trace of the session', () => {
    const record = summary();
    const { traceId, spanId } = ids.of({ turn: null, key: 'root' });
    expect(record).toMatchObject({
      eventName: 'ai_trace.session.summary',
      body: { stringValue: 'ai_trace.session.summary' },
    });
    expect(msFromNanos(record.timeUnixNano)).toBe(9000);
    expect(msFromNanos(record.observedTimeUnixNano)).toBe(9000);
    expect([hex(record.traceId), hex(record.spanId)]).toEqual([hex(traceId), hex(spanId)]);
  });

  test('is in no trace where no spans are sent', () => {
    const record = summaryEvent(ended(session), runAttributes(), 's', null);
    expect(record.traceId).toBeUndefined();
    expect(record.spanId).toBeUndefined();
  });

  test.each([
    ['as it should', { code: 0, signal: null }, 9, 'INFO'],
    ['with another code', { code: 3, signal: null }, 17, 'ERROR'],
    ['by a signal', { code: null, signal: 'SIGTERM' }, 17, 'ERROR'],
  ])('of a CLI that ended %s', (_, exit, severityNumber, severityText) => {
    const record = summary({ exit });
    expect(record).toMatchObject({ severityNumber, severityText });
    const { 'process.exit.code': code, 'ai_trace.session.exit_signal': signal } = plain(record.attributes);
    expect(code).toBe(exit.code === null ? undefined : `int ${exit.code}`);
    expect(signal).toBe(exit.signal ?? undefined);
  });

  test('does not say what is not known, and says what has no price', () => {
    const unpriced = recorded([call({ usage: { ...noUsage, inputTokens: 7 } })], () => null).session;
    const attributes = plain(summaryEvent(ended(unpriced), runAttributes(), 's', ids).attributes);
    expect(attributes).toMatchObject({
      'ai_trace.session.unpriced_tokens': 'int 7',
      'ai_trace.session.cost_usd': 'double 0',
      'cost.estimated': true,
    });
    expect(attributes).not.toHaveProperty('ai_trace.session.reasoning_tokens');
    expect(attributes).not.toHaveProperty('ai_trace.session.last_error');
  });
});

import { expect, test } from 'vitest';
import { emptySession } from '../../../src/session/session.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { noUsage } from '../../../src/session/usage.ts';
import { call, failure, recorded, toolCall, usage } from './events.ts';

test('a session without telemetry has nothing but zeros', () => {
  expect(totalsOf(emptySession())).toEqual({
    turns: 0,
    llmCalls: 0,
    toolCalls: 0,
    usage: noUsage,
    cost: { usd: 0, source: 'computed', estimated: false, unpricedTokens: 0 },
    models: [],
    tools: [],
    timing: { llmMs: 0, toolMs: 0, waitingMs: 0 },
    errors: { total: 0, byType: {}, last: null },
    hiddenRetries: 0,
  });
});

test('calls are told by model and role, those of one model together', () => {
  const { models, usage: sum } = totalsOf(
    recorded([
      call({ callId: '1' }),
      call({ callId: '2', model: 'model-b', role: 'subagent' }),
      call({ callId: '3' }),
      call({ callId: '4', role: 'utility', usage: usage({ reasoningTokens: 4 }) }),
    ]).session,
  );
  expect(models.map(({ model, role, llmCalls }) => [model, role, llmCalls])).toEqual([
    ['model-a', 'main', 2],
    ['model-a', 'utility', 1],
    ['model-b', 'subagent', 1],
  ]);
  expect(sum).toEqual(usage({ inputTokens: 400, outputTokens: 40, reasoningTokens: 4 }));
});

test('parallel calls and failed attempts take their time once', () => {
  const { timing } = totalsOf(
    recorded([
      call({ callId: '1', endedAt: 2000, durationMs: 500 }),
      call({ callId: '2', endedAt: 2200, durationMs: 500 }),
      failure({ at: 2300, durationMs: 200 }),
      toolCall({ endedAt: 2250, durationMs: 100 }),
    ]).session,
  );
  expect(timing).toEqual({ llmMs: 800, toolMs: 100, waitingMs: 0 });
});

test('waits of parallel tools count once', () => {
  const { timing } = totalsOf(
    recorded([
      { kind: 'approval_wait', sessionId: 's', startedAt: 100, endedAt: 300 },
      { kind: 'approval_wait', sessionId: 's', startedAt: 200, endedAt: 350 },
      { kind: 'approval_wait', sessionId: 's', startedAt: 100, endedAt: 300 },
    ]).session,
  );
  expect(timing.waitingMs).toBe(250);
});

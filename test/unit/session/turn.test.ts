import { describe, expect, test } from 'vitest';
import type { AgentEvent, TurnEndEvent } from '../../../src/session/event.ts';
import { turnOf } from '../../../src/session/turn.ts';
import { call, failure, prompt, recorded, turnEnd } from './events.ts';

const traceId = 'trace-1';
/** From 1000 to 5000 ms. */
const end = turnEnd({ traceId });

function turn(events: readonly AgentEvent[], of: TurnEndEvent = end) {
  return turnOf(recorded(events).session, of);
}

describe('a turn', () => {
  test('is as long as its span, and costs what its calls do', () => {
    const events = [prompt({ traceId }), call({ callId: '1' }), call({ callId: '2', endedAt: 4900 })];
    expect(turn(events)).toEqual({
      durationMs: 4000,
      cost: { usd: 0.22, source: 'computed', estimated: false, unpricedTokens: 0 },
      failure: null,
    });
  });

  test('pays for sub-agents and helpers that worked in it, whatever their session', () => {
    const events = [
      prompt({ traceId }),
      call({ callId: '1' }),
      call({ callId: '2', role: 'subagent', sessionId: 'agent' }),
      call({ callId: '3', role: 'utility', sessionId: 'title' }),
    ];
    expect(turn(events)?.cost.usd).toBeCloseTo(0.33, 12);
  });

  test.each([
    ['before', 999],
    ['after', 5001],
  ])('does not pay for a call that ended %s it', (_, endedAt) => {
    const events = [prompt({ traceId }), call({ callId: '1' }), call({ callId: '2', endedAt })];
    expect(turn(events)?.cost.usd).toBeCloseTo(0.11, 12);
  });

  test.each(['synthetic', 'helper'] as const)('with a %s prompt is no person’s', (author) => {
    expect(turn([prompt({ traceId, author }), call()])).toBeNull();
  });

  test('is no person’s without a prompt in it', () => {
    expect(turn([prompt({ at: 999 }), call()])).toBeNull();
    expect(turn([prompt({ sessionId: 'title' }), call()])).toBeNull();
  });

  test('in which only helpers asked the model is none', () => {
    expect(turn([prompt({ traceId }), call({ role: 'utility' })])).toBeNull();
    expect(turn([prompt({ traceId }), failure({ role: 'utility' })])).toBeNull();
  });
});

describe('a turn fails', () => {
  test('by an error that no answer followed', () => {
    const events = [prompt({ traceId }), call({ endedAt: 2000 }), failure({ at: 3000, type: 'overloaded' })];
    expect(turn(events)?.failure).toBe('overloaded');
  });

  test('by an error alone, and then costs nothing', () => {
    expect(turn([prompt({ traceId }), failure({ type: 'auth' })])).toMatchObject({
      failure: 'auth',
      cost: { usd: 0 },
    });
  });

  test('not when the model answered afterwards, in whatever order the records arrive', () => {
    const [asked, failed, answered] = [prompt({ traceId }), failure({ at: 1500 }), call({ endedAt: 2000 })];
    expect(turn([asked, failed, answered])?.failure).toBeNull();
    expect(turn([answered, failed, asked])?.failure).toBeNull();
  });

  test.each(['utility', 'subagent'] as const)('not by an error of role %s', (role) => {
    expect(turn([prompt({ traceId }), call(), failure({ role, at: 4000 })])?.failure).toBeNull();
  });

  test('not by the error of another turn', () => {
    expect(turn([prompt({ traceId }), call(), failure({ at: 6000 })])?.failure).toBeNull();
  });
});

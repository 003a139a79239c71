import { describe, expect, test } from 'vitest';
import type { Pricer } from '../../../src/session/cost.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { call, listPrice, ownPrice, prompt, recorded, turnEnd, usage } from './events.ts';

/** Two turns: the first with calls at $0.11 and $0.33, the second with one at $0.11. */
const turns: AgentEvent[] = [
  prompt({ at: 1000, traceId: 'trace-1' }),
  turnEnd({ turnId: 'turn-1', startedAt: 1000, endedAt: 1900 }),
  call({ callId: '1', endedAt: 1100 }),
  call({
    callId: '2',
    endedAt: 1200,
    model: 'model-b',
    usage: usage({ inputTokens: 300, outputTokens: 30 }),
  }),
  prompt({ at: 2000, traceId: 'trace-2' }),
  turnEnd({ turnId: 'turn-2', startedAt: 2000, endedAt: 2900 }),
  call({ callId: '3', endedAt: 2100 }),
];

function turnCost(turnId: string, usd: number): AgentEvent {
  return { kind: 'turn_cost', sessionId: 's', turnId, usd };
}

function models(events: AgentEvent[], price?: Pricer) {
  const rows = totalsOf(recorded(events, price).session).models;
  return Object.fromEntries(rows.map(({ model, cost }) => [model, cost]));
}

describe('what a turn cost, told by the CLI', () => {
  test('stands in the place of our figure, shared by the calls of the turn', () => {
    const { 'model-a': a, 'model-b': b } = models([...turns, turnCost('turn-1', 0.88)]);
    // A quarter of the turn, and the other turn at list price.
    expect(a?.usd).toBeCloseTo(0.22 + 0.11, 12);
    expect(a?.source).toBe('mixed');
    expect(b).toEqual({
      usd: expect.closeTo(0.66, 12),
      source: 'reported',
      estimated: false,
      unpricedTokens: 0,
    });
  });

  test('told again stands in the place of what was told before', () => {
    const once = totalsOf(recorded([...turns, turnCost('turn-1', 0.88)]).session).cost.usd;
    const twice = totalsOf(recorded([...turns, turnCost('turn-1', 0.5), turnCost('turn-1', 0.88)]).session)
      .cost.usd;
    expect(twice).toBeCloseTo(once, 12);
  });

  test('of every turn makes the whole session reported', () => {
    const { cost } = totalsOf(
      recorded([...turns, turnCost('turn-1', 0.5), turnCost('turn-2', 0.25)]).session,
    );
    expect(cost).toEqual({
      usd: expect.closeTo(0.75, 12),
      source: 'reported',
      estimated: false,
      unpricedTokens: 0,
    });
  });

  test('takes the place of an estimate and of tokens without a price', () => {
    const { cost } = totalsOf(
      recorded([...turns, turnCost('turn-1', 0.5), turnCost('turn-2', 0.25)], () => null).session,
    );
    expect(cost).toEqual({
      usd: expect.closeTo(0.75, 12),
      source: 'reported',
      estimated: false,
      unpricedTokens: 0,
    });
  });

  test('of a turn that nobody saw changes nothing', () => {
    expect(models([...turns, turnCost('turn-9', 5)])).toEqual(models(turns));
  });

  test('does not touch the user’s own prices', () => {
    expect(models([...turns, turnCost('turn-1', 5)], ownPrice)).toEqual(models(turns, ownPrice));
  });

  test('does not charge twice for the calls with the user’s own price', () => {
    const mixed: Pricer = (request) => (request.model === 'model-b' ? ownPrice : listPrice)(request);
    const { 'model-a': a } = models([...turns, turnCost('turn-1', 0.44)], mixed);
    // The turn's $0.44 are for both models: what is model-b's part of it is not charged to model-a as well.
    expect(a?.usd).toBeLessThan(0.44 + 0.11);
  });

  test('goes to the turn by the time of the prompts, whatever order they arrive in', () => {
    const [first, ...rest] = [...turns, turnCost('turn-1', 0.88)];
    if (!first) throw new Error('no prompt');
    expect(models([...rest, first])).toEqual(models([first, ...rest]));
  });

  test('leaves the turns of another session alone', () => {
    const other = call({ callId: '4', sessionId: 'other', endedAt: 1150, model: 'model-c' });
    const { 'model-c': c } = models([...turns, other, turnCost('turn-1', 0.88)]);
    expect(c).toMatchObject({ usd: 0.11, source: 'computed' });
  });
});

import { describe, expect, test } from 'vitest';
import type { Pricer } from '../../../src/session/cost.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { call, failure, listPrice, onlyCall, ownPrice, recorded, usage } from './events.ts';

/** What Claude's two records of one call tell, after a retry: the log knows the money, the span the whole time. */
const log = call({
  usage: usage({ cacheWriteTokens: 30, cacheWrite1hTokens: 20 }),
  reportedUsd: 0.25,
  durationMs: 267,
  turnKey: 'p1',
});
const span = call({
  usage: usage({ cacheWriteTokens: 30 }),
  durationMs: 2684,
  hiddenRetries: 2,
  traceId: 'aa',
});

describe.each([
  ['log first', [log, span]],
  ['span first', [span, log]],
  ['both delivered twice', [log, span, log, span]],
])('a call told by a log and a span, %s', (_, events) => {
  const recorder = recorded(events);

  test('is one call with all that was told', () => {
    expect(onlyCall(recorder)).toMatchObject({ reportedUsd: 0.25, turnKey: 'p1', traceId: 'aa' });
    expect(totalsOf(recorder.session)).toMatchObject({ llmCalls: 1, hiddenRetries: 2 });
  });

  test('keeps the split of the cache writes', () => {
    expect(totalsOf(recorder.session).usage).toEqual(log.usage);
  });

  test('costs what the CLI reports', () => {
    expect(onlyCall(recorder).cost).toEqual({
      usd: 0.25,
      source: 'reported',
      estimated: false,
      unpricedTokens: 0,
    });
  });

  test('took the time that includes its retries', () => {
    expect(totalsOf(recorder.session).timing.llmMs).toBe(2684);
  });
});

describe('the price of a call', () => {
  test('is the list price where the CLI reports none', () => {
    const { cost, listUsd, overridden } = onlyCall(recorded([call()]));
    expect(cost).toEqual({ usd: 0.11, source: 'computed', estimated: false, unpricedTokens: 0 });
    expect(listUsd).toBe(0.11);
    expect(overridden).toBe(false);
  });

  test('is the user’s own before what the CLI reports', () => {
    const { cost, overridden } = onlyCall(recorded([call({ reportedUsd: 9 })], ownPrice));
    expect(cost).toEqual({ usd: 0.055, source: 'computed', estimated: false, unpricedTokens: 0 });
    expect(overridden).toBe(true);
  });

  test('reported stands before the list price, which is kept beside it', () => {
    const { cost, listUsd } = onlyCall(recorded([call({ reportedUsd: 9 })]));
    expect(cost).toMatchObject({ usd: 9, source: 'reported' });
    expect(listUsd).toBe(0.11);
  });

  test('reported as zero is a price', () => {
    expect(onlyCall(recorded([call({ reportedUsd: 0 })])).cost).toMatchObject({ usd: 0, source: 'reported' });
  });

  test('of a relative is an estimate and no list price of this model', () => {
    const family: Pricer = (request) => ({ ...price(request), origin: 'family', estimated: true });
    const { cost, listUsd } = onlyCall(recorded([call()], family));
    expect(cost).toEqual({ usd: 0.11, source: 'computed', estimated: true, unpricedTokens: 0 });
    expect(listUsd).toBeUndefined();
  });

  test('that nobody knows leaves the tokens unpriced, not free', () => {
    const { cost } = onlyCall(recorded([call()], () => null));
    expect(cost).toMatchObject({ usd: 0, unpricedTokens: 110 });
  });

  test('is asked for with the time and the tier of the call', () => {
    const asked: unknown[] = [];
    const spy: Pricer = (request) => {
      asked.push(request);
      return price(request);
    };
    recorded([call({ tier: 'priority', endedAt: 77 })], spy, { vendor: 'openai' });
    expect(asked).toEqual([{ vendor: 'openai', model: 'model-a', usage: usage(), at: 77, tier: 'priority' }]);
  });
});

describe('a model that the CLI reckons at the price of another', () => {
  const prices = { vendor: 'anthropic', fallbackModel: 'big' };
  const onlyBigIsListed: Pricer = (request) =>
    request.model === 'big'
      ? price(request)
      : { usd: 0.5, origin: 'fallback', pricedAs: 'flat', estimated: true };

  test('is an estimate when the figure is that of the fallback model', () => {
    const { cost } = onlyCall(recorded([call({ reportedUsd: 0.11 })], onlyBigIsListed, prices));
    expect(cost).toMatchObject({ usd: 0.11, source: 'reported', estimated: true });
  });

  test('is none when the CLI has a price of its own', () => {
    const { cost } = onlyCall(recorded([call({ reportedUsd: 0.12 })], onlyBigIsListed, prices));
    expect(cost).toMatchObject({ usd: 0.12, source: 'reported', estimated: false });
  });

  test('is none for the fallback model itself, nor for a listed one of the same price', () => {
    const same = call({ model: 'big', reportedUsd: 0.11 });
    expect(onlyCall(recorded([same], onlyBigIsListed, prices)).cost.estimated).toBe(false);
    expect(onlyCall(recorded([call({ reportedUsd: 0.11 })], listPrice, prices)).cost.estimated).toBe(false);
  });
});

describe('a failed attempt', () => {
  test('told twice is one error', () => {
    const { errors, llmCalls } = totalsOf(recorded([failure(), failure()]).session);
    expect(errors).toMatchObject({ total: 1, byType: { rate_limit: 1 } });
    expect(llmCalls).toBe(0);
  });

  test.each([
    ['general first', [failure({ type: 'unknown' }), failure({ type: 'context_length' })]],
    ['specific first', [failure({ type: 'context_length' }), failure({ type: 'unknown' })]],
  ])('has the more specific of two types, %s', (_, events) => {
    expect(totalsOf(recorded(events).session).errors.byType).toEqual({ context_length: 1 });
  });

  test.each([
    ['told first', [failure({ statusCode: 429 }), failure({ message: '' })]],
    ['told last', [failure({ message: '' }), failure({ statusCode: 429 })]],
  ])('keeps the message and the status that one of its records has, %s', (_, events) => {
    const [error] = recorded(events).session.errors.values();
    expect(error).toMatchObject({ message: 'slow down', statusCode: 429 });
  });

  test('is no LLM call, and its retry that succeeded is one', () => {
    const totals = totalsOf(recorded([failure(), failure({ errorId: 'error-2' }), call()]).session);
    expect(totals).toMatchObject({ llmCalls: 1, errors: { total: 2, byType: { rate_limit: 2 } } });
  });

  test('is the last one by its time, not by its arrival', () => {
    const events = [
      failure({ errorId: 'late', type: 'auth', at: 900 }),
      failure({ errorId: 'early', type: 'server', at: 100 }),
    ];
    expect(totalsOf(recorded(events).session).errors.last).toMatchObject({ type: 'auth', at: 900 });
  });
});

function price(request: Parameters<Pricer>[0]) {
  const known = listPrice(request);
  if (!known) throw new Error('the list knows everything');
  return known;
}

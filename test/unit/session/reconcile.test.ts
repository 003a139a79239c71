import { describe, expect, test } from 'vitest';
import type { AgentEvent, Role } from '../../../src/session/event.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import type { Usage } from '../../../src/session/usage.ts';
import { call, listPrice, ownPrice, recorded, total, usage } from './events.ts';

/** The totals of one model and role as Claude's two metrics tell them. */
function told(usd: number, counts: Partial<Usage>, role: Role = 'main'): AgentEvent[] {
  const { inputTokens: all = 0, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0 } = counts;
  const measures = {
    usd,
    input: all - cacheReadTokens - cacheWriteTokens,
    output: outputTokens,
    cache_read: cacheReadTokens,
    cache_write: cacheWriteTokens,
  } as const;
  return (Object.keys(measures) as (keyof typeof measures)[]).map((measure) =>
    total({ role, measure, value: measures[measure] }),
  );
}

const answered = call({ usage: usage({ cacheReadTokens: 60 }), reportedUsd: 0.5 });

describe('the CLI’s own totals', () => {
  test('that agree with the calls change nothing', () => {
    const before = totalsOf(recorded([answered]).session);
    const after = totalsOf(recorded([answered, ...told(0.5, answered.usage)]).session);
    expect(after).toEqual(before);
  });

  test('that know more win: the rest is counted and named', () => {
    const { models, llmCalls } = totalsOf(
      recorded([answered, ...told(0.8, { inputTokens: 150, outputTokens: 15, cacheReadTokens: 90 })]).session,
    );
    expect(llmCalls).toBe(1);
    expect(models).toMatchObject([
      {
        llmCalls: 1,
        usage: { inputTokens: 150, outputTokens: 15, cacheReadTokens: 90 },
        unattributedTokens: 55,
        cost: { usd: 0.8, source: 'reported', estimated: false, unpricedTokens: 0 },
      },
    ]);
  });

  test('are never added to the calls', () => {
    const { cost, usage: sum } = totalsOf(recorded([answered, ...told(0.5, answered.usage)]).session);
    expect(cost.usd).toBe(0.5);
    expect(sum.inputTokens).toBe(100);
  });

  test('that are behind the calls, their last export lost, are left aside', () => {
    const second = call({ callId: 'call-2', usage: usage(), reportedUsd: 0.25 });
    const {
      cost,
      usage: sum,
      models,
    } = totalsOf(recorded([answered, second, ...told(0.5, answered.usage)]).session);
    expect(cost.usd).toBe(0.75);
    expect(sum.inputTokens).toBe(200);
    expect(models).toMatchObject([{ unattributedTokens: 0 }]);
  });

  test('of a model without any call make a row of their own', () => {
    const { models } = totalsOf(recorded(told(0.3, { inputTokens: 20, outputTokens: 2 }, 'utility')).session);
    expect(models).toMatchObject([
      { model: 'model-a', role: 'utility', llmCalls: 0, unattributedTokens: 22, cost: { usd: 0.3 } },
    ]);
  });

  test('of tokens alone leave the calls their price', () => {
    const tokensOnly = told(0, answered.usage).filter(
      (event) => event.kind === 'usage_total' && event.measure !== 'usd',
    );
    expect(totalsOf(recorded([answered, ...tokensOnly]).session).cost.usd).toBe(0.5);
  });

  test('keep the split of the cache writes that only the calls tell', () => {
    const split = call({ usage: usage({ cacheWriteTokens: 30, cacheWrite1hTokens: 20 }), reportedUsd: 0.5 });
    const { usage: sum } = totalsOf(recorded([split, ...told(0.5, split.usage)]).session);
    expect(sum.cacheWrite1hTokens).toBe(20);
  });
});

describe('running totals', () => {
  test('by cumulative points: the last of each series counts, several series add up', () => {
    const { models } = totalsOf(
      recorded([
        total({ value: 1, series: 'a' }),
        total({ value: 3, series: 'a' }),
        total({ value: 3, series: 'a' }),
        total({ value: 10, series: 'b' }),
      ]).session,
    );
    expect(models[0]?.cost.usd).toBe(13);
  });

  test('by delta points: all of them count', () => {
    const { models } = totalsOf(
      recorded([
        total({ value: 1, mode: 'add' }),
        total({ value: 3, mode: 'add' }),
        total({ value: 10, mode: 'add', series: 'b' }),
      ]).session,
    );
    expect(models[0]?.cost.usd).toBe(14);
  });

  test('of several sessions of one run add up', () => {
    const { models } = totalsOf(
      recorded([
        total({ value: 1, series: 'before /clear' }),
        total({ value: 2, series: 'after', sessionId: 't' }),
      ]).session,
    );
    expect(models).toMatchObject([{ cost: { usd: 3 } }]);
  });
});

describe('roles', () => {
  const main = call({ callId: 'main', reportedUsd: 0.5 });
  const helper = call({
    callId: 'helper',
    role: 'utility',
    usage: usage({ inputTokens: 40, outputTokens: 4 }),
  });

  test('that agree are filled each with its own rest', () => {
    const { models } = totalsOf(
      recorded([
        main,
        helper,
        ...told(0.6, { inputTokens: 120, outputTokens: 12 }),
        ...told(0.2, { inputTokens: 40, outputTokens: 5 }, 'utility'),
      ]).session,
    );
    expect(models).toMatchObject([
      { role: 'main', unattributedTokens: 22, cost: { usd: 0.6, source: 'reported' } },
      { role: 'utility', unattributedTokens: 1, cost: { usd: 0.2, source: 'reported' } },
    ]);
  });

  test('that the CLI files otherwise keep its sum of money and tokens', () => {
    const {
      models,
      cost,
      usage: sum,
    } = totalsOf(recorded([main, helper, ...told(0.9, { inputTokens: 150, outputTokens: 15 })]).session);
    expect(cost.usd).toBeCloseTo(0.9, 12);
    expect(sum).toMatchObject({ inputTokens: 150, outputTokens: 15 });
    expect(models.map(({ role, llmCalls }) => [role, llmCalls]).sort()).toEqual([
      ['main', 1],
      ['utility', 1],
    ]);
    expect(models.find(({ role }) => role === 'utility')?.cost.usd).toBeCloseTo(0.044, 12);
  });

  test('never make a row cost less than nothing', () => {
    const dear = call({
      callId: 'dear',
      role: 'utility',
      usage: usage({ inputTokens: 90, outputTokens: 9 }),
    });
    const { models } = totalsOf(
      recorded([main, dear, ...told(0.01, { inputTokens: 200, outputTokens: 30 })]).session,
    );
    for (const { cost } of models) expect(cost.usd).toBeGreaterThanOrEqual(0);
  });

  test('of other models are left alone', () => {
    const { models } = totalsOf(
      recorded([
        main,
        call({ callId: 'b', model: 'model-b', reportedUsd: 7 }),
        ...told(0.6, { inputTokens: 120, outputTokens: 12 }),
      ]).session,
    );
    expect(models.find(({ model }) => model === 'model-b')).toMatchObject({
      unattributedTokens: 0,
      cost: { usd: 7 },
    });
  });
});

describe('a model with a price of the user’s own', () => {
  test('keeps that price; tokens that no call told of are unpriced', () => {
    const { cost } = totalsOf(
      recorded([answered, ...told(0.8, { inputTokens: 150, outputTokens: 15 })], ownPrice).session,
    );
    expect(cost).toEqual({ usd: 0.055, source: 'computed', estimated: false, unpricedTokens: 55 });
  });

  test.each([
    ['beside', told(0.5, answered.usage)],
    ['in the place of', []],
  ])('is not charged at the CLI’s price for calls in another role, told %s its own', (_, main) => {
    const { cost } = totalsOf(
      recorded([answered, ...main, ...told(0.8, { inputTokens: 150, outputTokens: 15 }, 'utility')], ownPrice)
        .session,
    );
    expect(cost.usd).toBeCloseTo(0.055, 12);
    expect(cost.unpricedTokens).toBeGreaterThan(0);
  });
});

test('an estimate stays one when the CLI’s totals take its place', () => {
  const unlisted: typeof listPrice = (request) =>
    request.model === 'big'
      ? listPrice(request)
      : { usd: 9, origin: 'fallback', pricedAs: 'flat', estimated: true };
  const guessed = call({ reportedUsd: 0.11 });
  const { session } = recorded([guessed, ...told(0.2, { inputTokens: 150, outputTokens: 15 })], unlisted, {
    vendor: 'anthropic',
    fallbackModel: 'big',
  });
  expect(totalsOf(session).cost).toMatchObject({ usd: 0.2, source: 'reported', estimated: true });
});

import { extractUsage, findProvider } from '@pydantic/genai-prices';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { PriceOverrides } from '../../../src/pricing/overrides.ts';
import { readPriceList } from '../../../src/pricing/price-list.ts';
import { createPricer } from '../../../src/pricing/pricer.ts';
import type { Price, PriceRequest } from '../../../src/session/cost.ts';
import { addUsage, noUsage, type Usage } from '../../../src/session/usage.ts';
import { at, claudeUsage, listed, remoteProviders, request, usage } from './fixtures.ts';

const price = await createPricer({ overrides: new Map() });

function usd(asked: PriceRequest): number {
  return price(asked)?.usd ?? Number.NaN;
}

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

describe('worked examples', () => {
  it('Anthropic: cache reads, 5-minute and 1-hour writes each at their own price', () => {
    const counts = {
      inputTokens: 56_000,
      outputTokens: 1500,
      cacheReadTokens: 50_000,
      cacheWriteTokens: 5000,
      cacheWrite1hTokens: 3000,
    };
    expect(usd(request('anthropic', 'claude-opus-4-5', counts))).toBeCloseTo(0.11, 10);
    const unsplit = { ...counts, cacheWrite1hTokens: null };
    expect(usd(request('anthropic', 'claude-opus-4-5', unsplit))).toBeCloseTo(0.09875, 10);
  });

  it('agrees with the library’s own reading of a raw Anthropic response', () => {
    const provider = findProvider({ providerId: 'anthropic' });
    if (provider === undefined) throw new Error('no such provider');
    const raw = {
      model: 'claude-opus-4-5',
      usage: {
        input_tokens: 1000,
        cache_read_input_tokens: 50_000,
        cache_creation_input_tokens: 5000,
        cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 3000 },
        output_tokens: 1500,
      },
    };
    expect(extractUsage(provider, raw).usage).toMatchObject({
      input_tokens: 56_000,
      cache_read_tokens: 50_000,
      cache_write_tokens: 5000,
      cache_write_1h_tokens: 3000,
      output_tokens: 1500,
    });
  });

  it('Codex: cached input at its own price', () => {
    const counts = { inputTokens: 100_000, cacheReadTokens: 90_000, outputTokens: 2000 };
    const asked = request('openai', 'gpt-5-codex', counts);
    expect(price(asked)).toEqual({
      usd: expect.closeTo(0.04375, 10),
      origin: 'list',
      pricedAs: 'gpt-5',
      estimated: true,
    });
  });

  it('Gemini: thoughts are output, and a prompt above 200k has the long-context price', () => {
    const counts = {
      inputTokens: 250_000,
      cacheReadTokens: 200_000,
      outputTokens: 2000,
      reasoningTokens: 1500,
    };
    expect(usd(request('google', 'gemini-2.5-pro', counts))).toBeCloseTo(0.205, 10);
  });
});

describe('against the cost that Claude Code reports', () => {
  it.each([
    ['claude-opus-5-5', 0.0338736],
    ['claude-sonnet-5[1m]', 0.0184381],
    ['claude-sonnet-4-5-20250929', 0.02765715],
    ['claude-3-5-haiku-20241022', 0.00737524],
  ])('%s: equal', (model, reported) => {
    const found = price({ vendor: 'anthropic', model, usage: claudeUsage, at });
    expect(found).toMatchObject({ usd: expect.closeTo(reported, 10), origin: 'list', estimated: false });
  });

  it('claude-sonnet-5-5: 9 % off, and marked as the estimate it is', () => {
    expect(price({ vendor: 'anthropic', model: 'claude-sonnet-5-5', usage: claudeUsage, at })).toEqual({
      usd: expect.closeTo(0.0184381, 10),
      origin: 'family',
      pricedAs: 'claude-sonnet-5',
      estimated: true,
    });
  });
});

describe('long context', () => {
  const ofRequest = (cacheReadTokens: number): Usage =>
    usage({ inputTokens: 200_000, cacheReadTokens, outputTokens: 2000 });
  const usages = [ofRequest(193_333), ofRequest(193_333), ofRequest(193_334)];

  it('is a matter of each request, never of their sum', () => {
    const single = usages.map((counts) => usd(request('openai', 'gpt-5.5', counts)));
    expect(single.reduce((sum, cost) => sum + cost)).toBeCloseTo(0.57, 10);
    expect(usd(request('openai', 'gpt-5.5', usages.reduce(addUsage, noUsage)))).toBeCloseTo(1.05, 10);
  });

  it('begins above the threshold and holds for the whole request', () => {
    expect(usd(request('openai', 'gpt-6-sol', { inputTokens: 272_000 }))).toBeCloseTo(0.544, 10);
    expect(usd(request('openai', 'gpt-6-sol', { inputTokens: 272_001 }))).toBeCloseTo(1.088004, 10);
  });
});

it('uses the price of the request’s own time', () => {
  const asked = request('google', 'gemini-3.8-flash', { inputTokens: 1e6 });
  expect(usd(asked)).toBeCloseTo(0.75, 10);
  expect(usd({ ...asked, at: Date.parse('2027-02-01T00:00:00Z') })).toBeCloseTo(1.5, 10);
});

describe('models that are not in the list', () => {
  it('cost what the nearest relative costs, as an estimate', () => {
    expect(price(request('openai', 'gpt-6.1-sol', { inputTokens: 1e5, outputTokens: 1e5 }))).toEqual({
      usd: expect.closeTo(1.2, 10),
      origin: 'family',
      pricedAs: 'gpt-6-sol',
      estimated: true,
    });
  });

  it('without a relative cost $5 per million tokens, as an estimate', () => {
    const counts = { inputTokens: 150_000, cacheReadTokens: 100_000, outputTokens: 50_000 };
    const flat: Price = {
      usd: 1,
      origin: 'fallback',
      pricedAs: 'flat $5 per million tokens',
      estimated: true,
    };
    expect(price(request('openai', 'llama-4', counts))).toEqual(flat);
    expect(price(request('google', 'gemma-3', counts))).toEqual(flat);
    expect(price(request('mistral', 'gpt-5.5', counts))).toEqual(flat);
  });
});

describe('the served tier', () => {
  const asked = request('openai', 'gpt-5.5', { inputTokens: 1e5 });

  it('multiplies the list price where the vendor has published how much', () => {
    expect(price({ ...asked, tier: 'fast' })).toMatchObject({
      usd: expect.closeTo(1.25, 10),
      estimated: false,
    });
    expect(price({ ...asked, tier: 'normal' })).toMatchObject({
      usd: expect.closeTo(0.5, 10),
      estimated: false,
    });
  });

  it('leaves the list price as an estimate otherwise', () => {
    expect(price({ ...asked, tier: 'flex' })).toMatchObject({
      usd: expect.closeTo(0.5, 10),
      estimated: true,
    });
    const sol = { ...asked, model: 'gpt-6-sol', tier: 'fast' };
    expect(price(sol)).toMatchObject({ usd: expect.closeTo(0.2, 10), origin: 'list', estimated: true });
  });
});

describe('overrides', () => {
  const overrides: PriceOverrides = new Map([
    ['gpt-*', { input: 1, output: 2, cacheRead: 1, cacheWrite: 1, cacheWrite1h: 1 }],
    ['local', { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 }],
  ]);

  it('come before the list, whatever the tier, and are no estimate', async () => {
    const own = await createPricer({ overrides });
    const counts = { inputTokens: 1e6, outputTokens: 1e6 };
    const expected: Price = { usd: 3, origin: 'override', pricedAs: 'gpt-*', estimated: false };
    expect(own(request('openai', 'gpt-5.5', counts))).toEqual(expected);
    expect(own({ ...request('openai', 'gpt-6.1-sol', counts), tier: 'fast' })).toEqual(expected);
    expect(own(request('anthropic', 'claude-opus-5', counts))?.origin).toBe('list');
    expect(own(request('openai', 'local', counts))).toMatchObject({
      usd: 0,
      origin: 'override',
      estimated: false,
    });
  });
});

describe('usage that contradicts itself', () => {
  it.each<Partial<Usage>>([
    { inputTokens: 10, cacheReadTokens: 11 },
    { inputTokens: 10, cacheWriteTokens: 5, cacheWrite1hTokens: 6 },
    { inputTokens: Number.NaN },
    { outputTokens: -1 },
    { outputTokens: 5, reasoningTokens: 6 },
  ])('%j has no price, wherever the price would come from', (counts) => {
    expect(price(request('openai', 'gpt-5.5', counts))).toBeNull();
    expect(price(request('openai', 'gpt-6.1-sol', counts))).toBeNull();
    expect(price(request('openai', 'llama-4', counts))).toBeNull();
  });

  it('costs nothing when there is none', () => {
    expect(usd(request('openai', 'gpt-5.5', {}))).toBe(0);
  });
});

describe('a newer list', () => {
  it('comes before the bundled one, and only for the pricer it was given to', async () => {
    const models = [
      listed('gpt-6.1-sol', { input_mtok: 2, output_mtok: 10, cache_read_mtok: 0.1, riddles_mtok: 3 }),
    ];
    const newer = await createPricer(withNewer(remoteProviders(models)));
    const asked = request('openai', 'gpt-6.1-sol', { inputTokens: 1e6, cacheReadTokens: 1e6 });
    expect(newer(asked)).toEqual({
      usd: expect.closeTo(0.1, 10),
      origin: 'list',
      pricedAs: 'gpt-6.1-sol',
      estimated: false,
    });
    expect(price(asked)).toMatchObject({ origin: 'family', pricedAs: 'gpt-6-sol' });
    const luna = request('openai', 'gpt-6-luna', { inputTokens: 1e5 });
    expect(newer(luna)).toEqual(price(luna));
  });

  it('that the library cannot make sense of leaves the flat rate, without an exception', async () => {
    const prices = [{ constraint: { phase_of_moon: 'full' }, prices: { input_mtok: 2, output_mtok: 10 } }];
    const newer = await createPricer(withNewer(remoteProviders([listed('gpt-9-sol', prices)])));
    expect(newer(request('openai', 'gpt-9-sol', { inputTokens: 1e6 }))).toMatchObject({
      usd: 5,
      origin: 'fallback',
    });
  });

  function withNewer(providers: object[]) {
    const list = readPriceList(providers);
    if (list === null) throw new Error('unreadable test data');
    return { overrides: new Map(), newer: list };
  }
});

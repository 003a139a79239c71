import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../src/pricing/library.ts';
import { quote } from '../../../src/pricing/quote.ts';
import { at } from './fixtures.ts';

const library = await loadLibrary();
const sources = { overrides: new Map(), list: library.bundled };

describe('quote', () => {
  it('tells the rates of a listed model, long context included', () => {
    expect(quote(library, sources, 'openai', 'gpt-5.5', at)).toEqual({
      origin: 'list',
      pricedAs: 'gpt-5.5',
      estimated: false,
      match: 'same',
      rates: { input: 5, cacheRead: 0.5, cacheWrite: null, cacheWrite1h: null, output: 30 },
      longContext: [
        {
          above: 271_999,
          rates: { input: 10, cacheRead: 1, cacheWrite: null, cacheWrite1h: null, output: 45 },
        },
      ],
    });
  });

  it('tells whose price an estimate is', () => {
    const sonnet = quote(library, sources, 'anthropic', 'claude-sonnet-5-5', at);
    expect(sonnet).toMatchObject({
      origin: 'family',
      pricedAs: 'claude-sonnet-5',
      estimated: true,
      match: null,
    });
    const codex = quote(library, sources, 'openai', 'gpt-5-codex', at);
    expect(codex).toMatchObject({ origin: 'list', pricedAs: 'gpt-5', estimated: true, match: 'alias' });
  });

  it('tells the flat rate and the user’s own price', () => {
    const flat = quote(library, sources, '', 'llama-4', at);
    expect(flat).toMatchObject({
      origin: 'fallback',
      pricedAs: null,
      estimated: true,
      rates: { input: 5, output: 5 },
    });
    const price = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4, cacheWrite1h: 5 };
    const own = quote(library, { ...sources, overrides: new Map([['llama*', price]]) }, '', 'llama-4', at);
    expect(own).toMatchObject({ origin: 'override', pricedAs: 'llama*', estimated: false, rates: price });
  });

  it('uses the price of the time', () => {
    const later = Date.parse('2027-01-01T00:00:00Z');
    expect(quote(library, sources, 'google', 'gemini-3.8-flash', later).rates.input).toBe(1.5);
  });
});

import { describe, expect, it } from 'vitest';
import { parseOverrides } from '../../../src/pricing/parse-overrides.ts';

describe('parseOverrides', () => {
  it('reads all keys', () => {
    const table = {
      'my-model': { input: 2, output: 10, cache_read: 0.2, cache_write: 2.5, cache_write_1h: 4 },
    };
    expect(parseOverrides(table)).toEqual({
      ok: true,
      overrides: new Map([
        ['my-model', { input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, cacheWrite1h: 4 }],
      ]),
    });
  });

  it('lets cache prices default to the input price, and one-hour writes to other writes', () => {
    const parsed = parseOverrides({
      a: { input: 2, output: 10 },
      b: { input: 2, output: 10, cache_write: 3 },
    });
    expect(parsed.ok && parsed.overrides.get('a')).toEqual({
      input: 2,
      output: 10,
      cacheRead: 2,
      cacheWrite: 2,
      cacheWrite1h: 2,
    });
    expect(parsed.ok && parsed.overrides.get('b')).toMatchObject({
      cacheRead: 2,
      cacheWrite: 3,
      cacheWrite1h: 3,
    });
  });

  it('takes a missing table for no overrides and a price of 0 for free', () => {
    expect(parseOverrides(undefined)).toEqual({ ok: true, overrides: new Map() });
    const parsed = parseOverrides({ local: { input: 0, output: 0 } });
    expect(parsed.ok && parsed.overrides.get('local')).toMatchObject({
      input: 0,
      output: 0,
      cacheWrite1h: 0,
    });
  });

  it.each([
    ['cheap', 'prices', 'not-a-table'],
    [[{ input: 1 }], 'prices', 'not-a-table'],
    [{ 'gpt-6': 3 }, 'prices."gpt-6"', 'not-a-table'],
    [{ 'gpt-6': { output: 1 } }, 'prices."gpt-6".input', 'missing'],
    [{ 'gpt-6': { input: 1 } }, 'prices."gpt-6".output', 'missing'],
    [{ 'gpt-6': { input: '1', output: 1 } }, 'prices."gpt-6".input', 'not-a-price'],
    [{ 'gpt-6': { input: 1, output: -1 } }, 'prices."gpt-6".output', 'not-a-price'],
    [{ 'gpt-6': { input: 1, output: Number.NaN } }, 'prices."gpt-6".output', 'not-a-price'],
    [{ 'gpt-6': { input: 1, output: 1, cached: 1 } }, 'prices."gpt-6".cached', 'unknown-key'],
    [{ 'gpt-*-sol': { input: 1, output: 1 } }, 'prices."gpt-*-sol"', 'star-not-last'],
  ])('refuses %j and names the key', (value, key, reason) => {
    expect(parseOverrides(value)).toEqual({ ok: false, key, reason });
  });
});

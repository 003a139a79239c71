import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { libraryVersion, loadLibrary } from '../../../src/pricing/library.ts';
import { at } from './fixtures.ts';

const library = await loadLibrary();

function ratesOf(id: string, time = at): unknown {
  const model = [...library.bundled.values()].flat().find((listed) => listed.info.id === id);
  return model === undefined ? undefined : library.rates(model, time);
}

function above(start: number, base: number, price: number): object {
  return { base, tiers: [{ start, price }] };
}

describe('the bundled price list', () => {
  it('is of the version we say it is', () => {
    const manifest = new URL('../../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
    expect(JSON.parse(readFileSync(manifest, 'utf8')).version).toBe(libraryVersion);
  });

  it('has the prices of 21 November 2026 for six models', () => {
    expect(ratesOf('gpt-6-sol')).toEqual({
      input_mtok: above(272_000, 2, 4),
      cache_read_mtok: above(272_000, 0.2, 0.4),
      cache_write_mtok: above(272_000, 2.5, 5),
      output_mtok: above(272_000, 10, 15),
    });
    expect(ratesOf('gpt-5.5')).toEqual({
      input_mtok: above(271_999, 5, 10),
      cache_read_mtok: above(271_999, 0.5, 1),
      output_mtok: above(271_999, 30, 45),
    });
    expect(ratesOf('claude-opus-5-5')).toEqual({
      input_mtok: 4,
      cache_read_mtok: 0.2,
      cache_write_mtok: 5,
      cache_write_1h_mtok: 8,
      output_mtok: 20,
    });
    expect(ratesOf('claude-haiku-4-5')).toEqual({
      input_mtok: 1,
      cache_read_mtok: 0.1,
      cache_write_mtok: 1.25,
      cache_write_1h_mtok: 2,
      output_mtok: 5,
    });
    expect(ratesOf('gemini-3.8-flash')).toEqual({
      input_mtok: 0.75,
      cache_read_mtok: 0.075,
      output_mtok: 3.75,
    });
    expect(ratesOf('gemini-2.5-pro')).toEqual({
      input_mtok: above(200_000, 1.25, 2.5),
      cache_read_mtok: above(200_000, 0.125, 0.25),
      output_mtok: above(200_000, 10, 15),
    });
  });

  it('knows when a price changes', () => {
    expect(ratesOf('gemini-3.8-flash', Date.parse('2027-01-01T00:00:00Z'))).toMatchObject({
      input_mtok: 1.5,
    });
    expect(ratesOf('gpt-5.6-sol', Date.parse('2026-08-20T23:59:59Z'))).toMatchObject({
      input_mtok: { base: 5 },
    });
    expect(ratesOf('gpt-5.6-sol', Date.parse('2026-08-21T00:00:00Z'))).toMatchObject({
      input_mtok: { base: 4 },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { readPriceList, updatedList } from '../../../src/pricing/price-list.ts';
import { listed, remoteProviders } from './fixtures.ts';

const good = listed('gpt-9-sol', { input_mtok: 3, output_mtok: 12 });

function openai(...models: unknown[]): string[] | undefined {
  return readPriceList(remoteProviders([good, ...(models as object[])]))
    ?.get('openai')
    ?.map((model) => model.info.id);
}

describe('readPriceList', () => {
  it('keeps the prices of text tokens, tiers and dates, and drops every other price key', () => {
    const tiered = { base: 5, tiers: [{ start: 272000, price: 10 }] };
    const prices = [
      { prices: { input_mtok: tiered, output_mtok: 30, web_searches_kcount: 10, thoughts_of_tomorrow: 1 } },
      {
        constraint: { start_date: '2026-08-21' },
        prices: { input_mtok: 4, output_mtok: 20, input_audio_mtok: 9 },
      },
    ];
    const models = readPriceList(remoteProviders([listed('gpt-9-sol', prices)]))?.get('openai');
    expect(models?.map((model) => model.info.prices)).toEqual([
      [
        { prices: { input_mtok: tiered, output_mtok: 30 } },
        { constraint: { start_date: '2026-08-21' }, prices: { input_mtok: 4, output_mtok: 20 } },
      ],
    ]);
  });

  it('drops a one-hour price without a plain one, which the library would refuse', () => {
    const prices = { input_mtok: 3, output_mtok: 12, cache_write_1h_mtok: 6 };
    const models = readPriceList(remoteProviders([listed('gpt-9-sol', prices)]))?.get('openai');
    expect(models?.[0]?.info.prices).toEqual({ input_mtok: 3, output_mtok: 12 });
  });

  it('leaves out what has no price for its tokens: never a silent $0', () => {
    expect(openai(listed('free', {}), listed('free-too', { input_mtok: 0, output_mtok: 0 }))).toEqual([
      'gpt-9-sol',
    ]);
    expect(openai(listed('embedding', { input_mtok: 0.1 }))).toEqual(['gpt-9-sol']);
  });

  it('leaves out a model it cannot read and keeps the others', () => {
    const broken = [
      null,
      'gpt-9',
      { id: 'no-match', prices: { input_mtok: 1, output_mtok: 1 } },
      { id: 7, match: {}, prices: { input_mtok: 1, output_mtok: 1 } },
      { id: 'clear\u001b[2J', match: {}, prices: { input_mtok: 1, output_mtok: 1 } },
      listed('text-price', { input_mtok: '1', output_mtok: 1 }),
      listed('negative', { input_mtok: -1, output_mtok: 1 }),
      listed('bad-tier', { input_mtok: { base: 1, tiers: [{ start: 'x', price: 1 }] }, output_mtok: 1 }),
      listed('no-prices', []),
      listed('bad-entry', [{ prices: { input_mtok: 1, output_mtok: 1 } }, { prices: null }]),
    ];
    expect(openai(...broken)).toEqual(['gpt-9-sol']);
  });

  it('takes only the names that the list states, not those that merely begin alike', () => {
    const match = {
      or: [{ equals: 'gpt-9' }, { starts_with: 'gpt-9-turbo' }, { or: [{ equals: 'gpt-9-codex' }] }],
    };
    const model = { id: 'gpt-9-sol', match, prices: { input_mtok: 1, output_mtok: 1 } };
    const models = readPriceList(remoteProviders([model]))?.get('openai');
    expect(models?.[0]?.aliases.map((alias) => alias.words)).toEqual([[], ['codex']]);
  });

  it('is null for anything that is no list, or lacks a vendor', () => {
    expect(readPriceList(null)).toBeNull();
    expect(readPriceList({ providers: [] })).toBeNull();
    expect(readPriceList(remoteProviders().slice(0, 2))).toBeNull();
    expect(readPriceList(remoteProviders([listed('free', {})]))).toBeNull();
  });
});

describe('updatedList', () => {
  it('has the newer price of a model, and keeps a model that the newer list lacks', () => {
    const read = (...models: object[]) => readPriceList(remoteProviders(models)) ?? new Map();
    const old = listed('gpt-8', { input_mtok: 1, output_mtok: 1 });
    const dearer = listed('gpt-9-sol', { input_mtok: 30, output_mtok: 120 });
    const list = updatedList(read(good, old), read(dearer));
    expect(list.get('openai')?.map((model) => [model.info.id, model.info.prices])).toEqual([
      ['gpt-9-sol', { input_mtok: 30, output_mtok: 120 }],
      ['gpt-8', { input_mtok: 1, output_mtok: 1 }],
    ]);
    expect(list.get('google')).toHaveLength(1);
  });
});

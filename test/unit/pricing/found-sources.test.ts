import { expect, test } from 'vitest';
import { FoundSources } from '../../../src/pricing/found-sources.ts';
import { loadLibrary } from '../../../src/pricing/library.ts';
import { priceSource } from '../../../src/pricing/price-source.ts';

test('a model is found once for each vendor, as it would be without a memory', async () => {
  const { bundled: list } = await loadLibrary();
  const sources = { overrides: new Map(), list };
  const found = new FoundSources(sources);
  const asked = ['openai', 'anthropic', 'nobody'].flatMap((vendor) =>
    ['gpt-5.5', 'claude-sonnet-5', 'unheard-of'].map((model) => [vendor, model] as const),
  );
  for (const [vendor, model] of asked) {
    expect(found.of(vendor, model)).toEqual(priceSource(sources, vendor, model));
    expect(found.of(vendor, model)).toBe(found.of(vendor, model));
  }
});

test('names that are made up for each call are forgotten', async () => {
  const { bundled: list } = await loadLibrary();
  const found = new FoundSources({ overrides: new Map(), list });
  const first = found.of('openai', 'gpt-5.5');
  for (let i = 0; i < 300; i += 1) found.of('openai', `made-up-${i}`);
  expect(found.of('openai', 'gpt-5.5')).not.toBe(first);
  expect(found.of('openai', 'gpt-5.5')).toEqual(first);
});

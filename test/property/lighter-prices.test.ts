import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lighterLibraries } from '../../scripts/lighter-libraries.mjs';
import { load } from '../../scripts/typescript.mjs';
import { loadLibrary } from '../../src/pricing/library.ts';
import type { Usage } from '../../src/session/usage.ts';

const whole = await loadLibrary();
const built = await load<typeof import('../../src/pricing/library.ts')>(
  'src/pricing/library.ts',
  lighterLibraries,
);
const lighter = await built.loadLibrary();
/** Also what contradicts itself, which the library refuses. */
const tokens = fc.nat(1_000_000);
const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: tokens,
  outputTokens: tokens,
  cacheReadTokens: tokens,
  cacheWriteTokens: tokens,
  cacheWrite1hTokens: fc.option(tokens),
  reasoningTokens: fc.constant(null),
});
const models = [...whole.bundled.values()].flat();

it('of the price library, the build keeps all models of our vendors', () => {
  expect(lighter.bundled).toEqual(whole.bundled);
  expect(models.length).toBeGreaterThan(100);
});

it('what is left of the price library asks the same prices, of all usage at all times', () => {
  const times = fc.date({ min: new Date('2023-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...models), usage, times, (model, used, date) => {
      const at = date.getTime();
      expect(lighter.usd(model, used, at)).toBe(whole.usd(model, used, at));
      expect(lighter.rates(model, at)).toEqual(whole.rates(model, at));
    }),
    { numRuns: 3000 },
  );
});

import { expect, test } from 'vitest';
import { type Cost, sumCosts } from '../../../src/session/cost.ts';

function cost(change: Partial<Cost>): Cost {
  return { usd: 1, source: 'computed', estimated: false, unpricedTokens: 0, ...change };
}

test('nothing costs nothing, and nothing is estimated', () => {
  expect(sumCosts([])).toEqual({ usd: 0, source: 'computed', estimated: false, unpricedTokens: 0 });
});

test('money and tokens without a price add up', () => {
  const sum = sumCosts([cost({ usd: 0.25, unpricedTokens: 3 }), cost({ usd: 0.5, unpricedTokens: 4 })]);
  expect(sum).toEqual({ usd: 0.75, source: 'computed', estimated: false, unpricedTokens: 7 });
});

test.each([
  [['reported', 'reported'], 'reported'],
  [['computed', 'computed'], 'computed'],
  [['reported', 'computed'], 'mixed'],
  [['mixed', 'reported'], 'mixed'],
  [['mixed'], 'mixed'],
] as const)('%s together are %s', (sources, source) => {
  expect(sumCosts(sources.map((each) => cost({ source: each }))).source).toBe(source);
});

test('one estimate makes the sum an estimate', () => {
  expect(sumCosts([cost({}), cost({ estimated: true })]).estimated).toBe(true);
});

import { expect, test } from 'vitest';
import { ExactSum } from '../../../src/session/exact-sum.ts';

function sumOf(...values: number[]): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum.value;
}

test('a sum is nothing at first', () => {
  expect(sumOf()).toBe(0);
});

test.each([
  ['ten tenths', Array(10).fill(0.1), 1],
  ['what is added and taken away', [1, 1e100, 1, -1e100], 2],
  ['far apart', [1e16, 1, 1e-16], 10000000000000002],
  // 1 + 2^-53 is half way between two doubles, and would be rounded to the even one below.
  ['half way, and a little more', [1, 2 ** -53, 2 ** -110], 1 + 2 ** -52],
  ['half way, and a little less', [1 + 2 ** -52, 2 ** -53, -(2 ** -110)], 1 + 2 ** -52],
])('%s: rounded once', (_, values, expected) => {
  expect(sumOf(...values)).toBe(expected);
});

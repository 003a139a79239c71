import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countFirst } from '../../../src/session/in-order.ts';

test('counts the items that come first', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(21), (numbers, limit) => {
      const ordered = numbers.toSorted((a, b) => a - b);
      expect(countFirst(ordered, (each) => each < limit)).toBe(ordered.filter((each) => each < limit).length);
    }),
  );
});

test('looks at few of many', () => {
  let looks = 0;
  const found = countFirst(
    Array.from({ length: 1_000_000 }, (_, i) => i),
    (each) => {
      looks += 1;
      return each < 700_000;
    },
  );
  expect(found).toBe(700_000);
  expect(looks).toBeLessThanOrEqual(20);
});

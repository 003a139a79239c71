import { expect, test } from 'vitest';
import { IdSet } from '../../../src/session/id-set.ts';

test('an id is in the set once it was added, and counts once', () => {
  const ids = new IdSet();
  expect(ids.has('a')).toBe(false);
  ids.add('a');
  ids.add('a');
  expect([ids.has('a'), ids.has('b'), ids.size]).toEqual([true, false, 1]);
});

test('many ids stay apart while the set grows', () => {
  const ids = new IdSet();
  for (let i = 0; i < 5000; i += 1) ids.add(`id-${i}`);
  expect(ids.size).toBe(5000);
  const found = Array.from({ length: 10_000 }, (_, i) => ids.has(`id-${i}`));
  expect([found.indexOf(false), found.lastIndexOf(true)]).toEqual([5000, 4999]);
});

import { expect, test } from 'vitest';
import { CoveredTime, coveredMs } from '../../../src/session/interval.ts';

const spans = (...pairs: [number, number][]) => pairs.map(([startedAt, endedAt]) => ({ startedAt, endedAt }));

test.each([
  ['nothing', spans(), 0],
  ['one', spans([10, 25]), 15],
  ['two apart', spans([0, 10], [20, 30]), 20],
  ['two that touch', spans([0, 10], [10, 30]), 30],
  ['two that overlap', spans([0, 20], [10, 30]), 30],
  ['one inside another', spans([0, 100], [10, 30]), 100],
  ['the same twice', spans([5, 9], [5, 9]), 4],
  ['a late one told first', spans([50, 60], [0, 10]), 20],
  ['one that ends before it starts', spans([10, 0], [20, 30]), 10],
  ['fractions', spans([0.25, 0.75], [0.5, 1]), 0.75],
])('%s', (_, intervals, covered) => {
  expect(coveredMs(intervals)).toBe(covered);
});

test('does not reorder what it was given', () => {
  const intervals = spans([50, 60], [0, 10]);
  coveredMs(intervals);
  expect(intervals).toEqual(spans([50, 60], [0, 10]));
});

test('what others would add to the time is told without adding them', () => {
  const time = new CoveredTime([
    { startedAt: 10, endedAt: 20 },
    { startedAt: 30, endedAt: 40 },
  ]);
  const others = [
    { startedAt: 0, endedAt: 12 },
    { startedAt: 15, endedAt: 35 },
    { startedAt: 34, endedAt: 36 },
    { startedAt: 50, endedAt: 55 },
  ];
  expect(time.msWith(others)).toBe(
    coveredMs([...others, { startedAt: 10, endedAt: 20 }, { startedAt: 30, endedAt: 40 }]),
  );
  expect(time.msWith(others)).toBe(45);
  expect(time.ms).toBe(20);
});

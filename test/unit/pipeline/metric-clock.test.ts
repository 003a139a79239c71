import { expect, test } from 'vitest';
import { Long } from '../../../src/otlp/long.ts';
import { MetricClock } from '../../../src/pipeline/metric-clock.ts';

/** ns in, ns out. */
function times(...measured: number[]): number[] {
  const clock = new MetricClock();
  return measured.map((each) => clock.next(Long.fromNumber(each)).toNumber());
}

test('goes with what was measured', () => {
  expect(times(5_000_000, 6_000_000, 9_999_999)).toEqual([5_000_000, 6_000_000, 9_999_999]);
});

test('never stands, nor goes back: 1 ms at least lies between two tellings', () => {
  expect(times(5_000_000, 5_000_000, 4_000_000, 6_900_000, 20_000_000)).toEqual([
    5_000_000, 6_000_000, 7_000_000, 8_000_000, 20_000_000,
  ]);
});

test('compares what was decoded, which has no sign, with what was reckoned, which has one', () => {
  const clock = new MetricClock();
  expect(clock.next(Long.fromNumber(2e18, true)).toNumber()).toBe(2e18);
  expect(clock.next(Long.fromNumber(2e18)).toString()).toBe('2000000000001000000');
});

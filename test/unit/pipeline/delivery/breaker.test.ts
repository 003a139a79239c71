import { beforeEach, expect, test } from 'vitest';
import { Breaker } from '../../../../src/pipeline/delivery/breaker.ts';

let now: number;
/** What is drawn next. */
let drawn: number;
let breaker: Breaker;
beforeEach(() => {
  now = 1_000_000;
  drawn = 1;
  breaker = new Breaker(
    () => now,
    () => drawn,
  );
});

test('lets everything through until something fails', () => {
  expect(breaker.waitMs()).toBe(0);
  breaker.succeeded();
  expect(breaker.waitMs()).toBe(0);
});

test('a pause runs down to one try, and the next failure makes a longer one', () => {
  breaker.failed();
  expect(breaker.waitMs()).toBe(1000);
  now += 400;
  expect(breaker.waitMs()).toBe(600);
  now += 600;
  expect(breaker.waitMs()).toBe(0);
  breaker.failed();
  expect(breaker.waitMs()).toBe(2000);
});

test('pauses double up to half a minute', () => {
  const pauses = Array.from({ length: 8 }, () => {
    breaker.failed();
    return breaker.waitMs();
  });
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('the pause is drawn from all of its length', () => {
  drawn = 0.25;
  breaker.failed();
  expect(breaker.waitMs()).toBe(250);
  drawn = 0;
  breaker.failed();
  expect(breaker.waitMs()).toBe(0);
});

test('a success ends the pause and begins from the first', () => {
  breaker.failed();
  breaker.failed();
  breaker.succeeded();
  expect(breaker.waitMs()).toBe(0);
  breaker.failed();
  expect(breaker.waitMs()).toBe(1000);
});

test('what the collector asks for is the least, and no more than five minutes', () => {
  drawn = 0;
  breaker.failed(7000);
  expect(breaker.waitMs()).toBe(7000);
  breaker.failed(3_600_000);
  expect(breaker.waitMs()).toBe(300_000);
  drawn = 1;
  breaker.failed(10);
  expect(breaker.waitMs()).toBe(4000);
});

test('a clock that jumps ends the pause early at most', () => {
  breaker.failed();
  now -= 1e9;
  expect(breaker.waitMs()).toBe(1000);
  now += 2e9;
  expect(breaker.waitMs()).toBe(0);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Breaker } from '../../src/pipeline/delivery/breaker.ts';

const step = fc.oneof(
  fc.record({ kind: fc.constant('failed' as const), retryAfterMs: fc.double({ min: 0, noNaN: true }) }),
  fc.record({ kind: fc.constant('succeeded' as const) }),
  // A clock should not go backwards; the wait is bounded even if it does.
  fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -1e7, max: 1e7 }) }),
);
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('no wait is longer than five minutes, and waiting for it is enough', () => {
  fc.assert(
    fc.property(fc.array(step), unit, (steps, drawn) => {
      let now = 0;
      const breaker = new Breaker(
        () => now,
        () => drawn,
      );
      for (const each of steps) {
        if (each.kind === 'failed') breaker.failed(each.retryAfterMs);
        else if (each.kind === 'succeeded') breaker.succeeded();
        else now += each.ms;
        expect(breaker.waitMs()).toBeGreaterThanOrEqual(0);
        expect(breaker.waitMs()).toBeLessThanOrEqual(300_000);
        if (each.kind === 'succeeded') expect(breaker.waitMs()).toBe(0);
      }
      now = Math.max(now, 0) + 1e12;
      expect(breaker.waitMs()).toBe(0);
    }),
  );
});

test('after a failure the wait is what was asked for, or a part of the pause', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 10_000_000 }),
      unit,
      (times, asked, drawn) => {
        const breaker = new Breaker(
          () => 0,
          () => drawn,
        );
        for (let i = 0; i < times; i += 1) breaker.failed(asked);
        const least = Math.min(asked, 300_000);
        expect(breaker.waitMs()).toBeGreaterThanOrEqual(least);
        expect(breaker.waitMs()).toBeLessThanOrEqual(
          Math.max(least, Math.min(30_000, 1000 * 2 ** (times - 1))),
        );
      },
    ),
  );
});

import { expect, test } from 'vitest';
import { Pace } from '../../../src/pipeline/pace.ts';

/** Longer than a turn. */
function work(): void {
  const until = performance.now() + 2;
  while (performance.now() < until);
}

test('there is no rest before the turn is over', () => {
  // A busy machine may take the time of a turn for this, but not each time.
  const rests = Array.from({ length: 1000 }, () => new Pace(() => 0).rest());
  expect(rests).toContain(null);
});

test('a rest lasts until the event loop has nothing to do', async () => {
  const events = [0, 1, 2, 2];
  const pace = new Pace(() => events.shift() ?? 99);
  work();
  await pace.rest();
  expect(events).toEqual([]);
});

test('and no longer than that', async () => {
  let asked = 0;
  const pace = new Pace(() => {
    asked += 1;
    return 7;
  });
  work();
  await pace.rest();
  expect(asked).toBe(2);
});

test('sockets that never fall silent do not keep work waiting for ever', async () => {
  let events = 0;
  const pace = new Pace(() => events++);
  work();
  await pace.rest();
  expect(events).toBeGreaterThan(2);
});

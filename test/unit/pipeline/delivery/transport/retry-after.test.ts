import { expect, test } from 'vitest';
import { retryAfter } from '../../../../../src/pipeline/delivery/transport/retry-after.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

test.each([
  [undefined, undefined],
  ['0', 0],
  ['2', 2000],
  [' 120 ', 120_000],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:59:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
])('%j is %s ms', (value, ms) => {
  expect(retryAfter(value, now)).toBe(ms);
});

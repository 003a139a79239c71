import { Long } from './long.ts';

/** Unix ms with fractions to nanoseconds, right to the microsecond. */
export function nanosFromMs(ms: number): Long {
  return Long.fromNumber(Math.round(ms * 1000)).multiply(1000);
}

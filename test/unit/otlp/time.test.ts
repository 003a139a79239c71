import { describe, expect, test } from 'vitest';
import { Long } from '../../../src/otlp/long.ts';
import { msFromNanos } from '../../../src/otlp/time.ts';

describe('nanoseconds to ms', () => {
  test('keeps microseconds', () => {
    expect(msFromNanos(Long.fromString('1763687000123456000', true))).toBe(1763687000123.456);
  });

  test('0 and absent are not known', () => {
    expect(msFromNanos(Long.UZERO)).toBeUndefined();
    expect(msFromNanos(0)).toBeUndefined();
    expect(msFromNanos(undefined)).toBeUndefined();
  });
});

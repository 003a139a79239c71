import { expect, test } from 'vitest';
import { bytesFromHex, hex } from '../../../src/otlp/hex.ts';

test('bytes to lower-case hex, also of a view into a larger buffer', () => {
  const view = Uint8Array.of(0xff, 0x0a, 0xbc, 0xff).subarray(1, 3);
  expect(hex(view)).toBe('0abc');
  expect(hex(undefined)).toBe('');
});

test('hex of either case to bytes', () => {
  expect([...(bytesFromHex('0aBC') ?? [])]).toEqual([0x0a, 0xbc]);
  expect(bytesFromHex('')).toHaveLength(0);
});

test.each(['0', 'xy', '0a bc', '0abg'])('%s is not hex', (text) => {
  expect(bytesFromHex(text)).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { bytes, counted, duration, plain, tokens, usd } from '../../../src/report/format.ts';

test.each([
  [0, '0'],
  [950, '950'],
  [999, '999'],
  [1000, '1k'],
  [1050, '1.1k'],
  [12_400, '12.4k'],
  [999_949, '999.9k'],
  [999_950, '1M'],
  [3_100_000, '3.1M'],
  [1_234_567_890, '1234.6M'],
])('%d tokens are %s', (count, expected) => {
  expect(tokens(count)).toBe(expected);
});

test.each([
  [0, '$0'],
  [0.00012, '$0.000120'],
  [0.0009, '$0.000900'],
  [0.001, '$0.0010'],
  [0.0339, '$0.0339'],
  [0.5, '$0.5000'],
  [1, '$1.00'],
  [12.345, '$12.35'],
  [1234.5, '$1234.50'],
])('%d dollars are %s', (amount, expected) => {
  expect(usd(amount)).toBe(expected);
});

test('the smallest amount is no exponent, and is not nothing', () => {
  expect(usd(4e-7)).toMatch(/^\$0\.0{6}4/);
});

test.each([
  [0, '0 ms'],
  [0.4, '0 ms'],
  [840, '840 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [4200, '4.2 s'],
  [59_940, '59.9 s'],
  [59_950, '1 m 0 s'],
  [60_000, '1 m 0 s'],
  [192_000, '3 m 12 s'],
  [3_599_400, '59 m 59 s'],
  [3_599_600, '1 h 0 m'],
  [7_500_000, '2 h 5 m'],
  [90_000_000, '25 h 0 m'],
])('%d ms are %s', (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

test('just under a second is a second', () => {
  expect(duration(999.6)).toBe('1.0 s');
});

test.each([
  [0, '0 B'],
  [812, '812 B'],
  [1000, '1 kB'],
  [34_000, '34 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1_234_567, '1.2 MB'],
])('%d bytes are %s', (count, expected) => {
  expect(bytes(count)).toBe(expected);
});

test.each([
  [0, '0 turns'],
  [1, '1 turn'],
  [2, '2 turns'],
])('%d: %s', (count, expected) => {
  expect(counted(count, 'turn')).toBe(expected);
});

describe('text from elsewhere', () => {
  test.each([
    ['stays', 'gpt-5.5 · ok', 'gpt-5.5 · ok'],
    ['is one line', 'one\ntwo\r\n\tthree', 'one two three'],
    ['cannot paint', '\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['cannot set the title of the terminal', '\u001b]0;title\u0007x', ']0;title x'],
    ['cannot use the other form of an escape', 'a\u009b31mb', 'a 31mb'],
    ['cannot turn its direction', 'a\u202eb\u2066c\u2069d', 'a b c d'],
    ['cannot break the line in Unicode', 'a\u2028b\u2029c', 'a b c'],
    ['has no space around it', '  x  ', 'x'],
    ['may be nothing', '\u0000', ''],
  ])('%s', (_, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('is cut at the limit, and says so', () => {
    expect(plain('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(plain('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  test('is not cut in the middle of a character', () => {
    // Half a surrogate pair has no encoding.
    expect(() => encodeURIComponent(plain('😀'.repeat(20), 10))).not.toThrow();
  });
});

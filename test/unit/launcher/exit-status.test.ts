import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/launcher/exit-status.ts';

describe('exitCodeOf', () => {
  it.each([0, 1, 127, 255])('is the code %i itself', (code) => {
    expect(exitCodeOf({ code, signal: null })).toBe(code);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGKILL', 137],
    ['SIGPIPE', 141],
    ['SIGTERM', 143],
  ] as const)('is 128 + n for %s', (signal, code) => {
    expect(exitCodeOf({ code: null, signal })).toBe(code);
  });
});

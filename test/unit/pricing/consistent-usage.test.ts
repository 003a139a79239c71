import { describe, expect, it } from 'vitest';
import { isConsistent } from '../../../src/pricing/consistent-usage.ts';
import { claudeUsage, usage } from './fixtures.ts';

describe('isConsistent', () => {
  it('accepts real usage, nothing at all, and input that is all cache', () => {
    expect(isConsistent(claudeUsage)).toBe(true);
    expect(isConsistent(usage({}))).toBe(true);
    expect(isConsistent(usage({ inputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 2 }))).toBe(true);
  });

  it.each([
    { inputTokens: Number.NaN },
    { outputTokens: Number.POSITIVE_INFINITY },
    { outputTokens: -1 },
    { inputTokens: 10, cacheReadTokens: 11 },
    { inputTokens: 10, cacheReadTokens: 6, cacheWriteTokens: 5 },
    { inputTokens: 10, cacheWriteTokens: 2, cacheWrite1hTokens: 3 },
    { outputTokens: 10, reasoningTokens: 11 },
  ])('refuses %j', (counts) => {
    expect(isConsistent(usage(counts))).toBe(false);
  });
});

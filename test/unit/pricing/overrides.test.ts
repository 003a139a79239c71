import { describe, expect, it } from 'vitest';
import { findOverride, type OverridePrice, overrideUsd } from '../../../src/pricing/overrides.ts';
import { usage } from './fixtures.ts';

const price: OverridePrice = { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2, cacheWrite1h: 3 };

function found(patterns: string[], model: string): string | undefined {
  return findOverride(new Map(patterns.map((pattern) => [pattern, price])), model)?.pattern;
}

describe('findOverride', () => {
  it('prefers the exact name, then the longest pattern, whatever the order in the file', () => {
    expect(found(['gpt-6*', 'gpt-6-sol', 'gpt-6-*'], 'gpt-6-sol')).toBe('gpt-6-sol');
    expect(found(['gpt*', 'gpt-6-*', 'gpt-6*'], 'gpt-6-luna')).toBe('gpt-6-*');
    expect(found(['*'], 'anything')).toBe('*');
  });

  it('knows the model however the CLI writes it', () => {
    expect(found(['claude-sonnet-5'], 'claude-sonnet-5[1m]')).toBe('claude-sonnet-5');
    expect(found(['claude-sonnet-4-5'], 'claude-sonnet-4-5-20250929')).toBe('claude-sonnet-4-5');
  });

  it('does not take a name without a star for a beginning', () => {
    expect(found(['gpt-6'], 'gpt-6-sol')).toBeUndefined();
    expect(found(['claude-sonnet-5'], 'claude-sonnet-5-5')).toBeUndefined();
  });

  it('keeps the price of the vendor apart from that of a region or gateway', () => {
    expect(found(['claude-sonnet-4-5'], 'eu.anthropic.claude-sonnet-4-5-v1:0')).toBeUndefined();
    expect(
      found(['eu.anthropic.claude-sonnet-4-5-v1:0'], 'eu.anthropic.claude-sonnet-4-5-v1:0'),
    ).toBeDefined();
  });
});

describe('overrideUsd', () => {
  it('gives each kind of token its own price', () => {
    const million = 1e6;
    const counts = { inputTokens: 10 * million, outputTokens: million, cacheReadTokens: 4 * million };
    // 3 plain at $1, 4 read at $0.10, 2 written at $2, 1 written for an hour at $3, 1 out at $10
    const written = { cacheWriteTokens: 3 * million, cacheWrite1hTokens: million };
    expect(overrideUsd(price, usage({ ...counts, ...written }))).toBeCloseTo(3 + 0.4 + 4 + 3 + 10, 10);
  });

  it('prices all writes alike where the CLI does not split them', () => {
    expect(overrideUsd(price, usage({ inputTokens: 1e6, cacheWriteTokens: 1e6 }))).toBeCloseTo(2, 10);
  });
});

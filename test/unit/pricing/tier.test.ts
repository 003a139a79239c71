import { describe, expect, it } from 'vitest';
import { tierRate } from '../../../src/pricing/tier.ts';

describe('tierRate', () => {
  it.each([undefined, 'normal', 'standard', 'default', 'Standard'])('%s is the list price', (tier) => {
    expect(tierRate('openai', 'gpt-6-sol', tier)).toEqual({ factor: 1, published: true });
  });

  it('multiplies where the vendor has published what fast costs', () => {
    expect(tierRate('openai', 'gpt-5.5', 'fast')).toEqual({ factor: 2.5, published: true });
    expect(tierRate('openai', 'gpt-5.6-sol', 'priority')).toEqual({ factor: 2, published: true });
    expect(tierRate('anthropic', 'claude-opus-5', 'fast')).toEqual({ factor: 2, published: true });
    expect(tierRate('anthropic', 'claude-opus-4-6', 'fast')).toEqual({ factor: 6, published: true });
  });

  it('leaves the list price, unpublished, for every other tier and model', () => {
    const unknown = { factor: 1, published: false };
    expect(tierRate('openai', 'gpt-6-sol', 'fast')).toEqual(unknown);
    expect(tierRate('openai', 'gpt-5.5', 'flex')).toEqual(unknown);
    expect(tierRate('anthropic', 'claude-opus-5', 'priority')).toEqual(unknown);
    expect(tierRate('google', 'gemini-2.5-pro', 'fast')).toEqual(unknown);
    expect(tierRate('openai', 'gpt-5.5', '')).toEqual(unknown);
  });
});

import { describe, expect, it } from 'vitest';
import { loadLibrary } from '../../../src/pricing/library.ts';
import { isEstimate, priceSource, vendorOf } from '../../../src/pricing/price-source.ts';

const { bundled: list } = await loadLibrary();

function source(vendor: string, model: string): string {
  const found = priceSource({ overrides: new Map(), list }, vendor, model);
  switch (found.origin) {
    case 'list':
      return `${found.match} ${found.model.info.id}`;
    case 'family':
      return `family ${found.model.info.id}`;
    default:
      return found.origin;
  }
}

describe('priceSource on the bundled list', () => {
  it.each([
    ['openai', 'gpt-5.5', 'gpt-5.5'],
    ['openai', 'gpt-6-sol', 'gpt-6-sol'],
    ['openai', 'gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['openai', 'gpt-4o-2024-11-20', 'gpt-4o'],
    ['anthropic', 'claude-opus-5-5', 'claude-opus-5-5'],
    ['anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['anthropic', 'claude-3-5-haiku-20241022', 'claude-3-5-haiku-latest'],
    ['anthropic', 'claude-fable-5.1', 'claude-fable-5-1'],
    ['google', 'models/gemini-3.5-flash-lite', 'gemini-3.5-flash-lite'],
    ['google', 'gemini-3.8-flash', 'gemini-3.8-flash'],
  ])('%s %s is listed as %s', (vendor, model, id) => {
    expect(source(vendor, model)).toBe(`same ${id}`);
  });

  it.each([
    ['openai', 'gpt-5-codex', 'alias gpt-5'],
    ['openai', 'gpt-5.1-codex-max', 'alias gpt-5.1'],
    ['openai', 'gpt-5.6', 'alias gpt-5.6-sol'],
    ['google', 'gemini-2.5-flash-preview-09-2025', 'alias gemini-2.5-flash'],
    ['anthropic', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'other-seller claude-sonnet-4-5'],
  ])('%s %s: %s', (vendor, model, expected) => {
    expect(source(vendor, model)).toBe(expected);
  });

  it.each([
    ['openai', 'gpt-6.1-sol', 'gpt-6-sol'],
    ['openai', 'gpt-5.6-codex', 'gpt-5.5'],
    ['openai', 'gpt-5.7', 'gpt-5.5'],
    ['anthropic', 'claude-sonnet-5-5', 'claude-sonnet-5'],
    ['anthropic', 'claude-haiku-5-5', 'claude-haiku-4-5'],
    ['anthropic', 'claude-haiku-5', 'claude-haiku-4-5'],
    ['anthropic', 'claude-fable-5-2', 'claude-fable-5-1'],
    ['google', 'gemini-3-pro', 'gemini-3-pro-preview'],
    ['google', 'gemini-3-flash', 'gemini-3-flash-preview'],
    ['google', 'gemini-3.8-flash-lite', 'gemini-3.5-flash-lite'],
    ['google', 'gemini-pro-latest', 'gemini-3.1-pro-preview'],
  ])('%s %s is priced as its relative %s', (vendor, model, id) => {
    expect(source(vendor, model)).toBe(`family ${id}`);
  });

  it.each([
    ['openai', 'llama-4'],
    ['openai', 'claude-opus-5'],
    ['mistral', 'gpt-5.5'],
    ['constructor', 'gpt-5.5'],
    ['openai', ''],
    ['google', 'gemma-3'],
  ])('%s %s has no price in the list', (vendor, model) => {
    expect(source(vendor, model)).toBe('fallback');
  });

  it('asks the user before the list', () => {
    const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1, cacheWrite1h: 1 };
    const found = priceSource({ overrides: new Map([['gpt-5.5', price]]), list }, 'openai', 'gpt-5.5');
    expect(found).toEqual({ origin: 'override', override: { pattern: 'gpt-5.5', price } });
    expect(isEstimate(found)).toBe(false);
  });
});

describe('vendorOf', () => {
  it('knows the vendor by the line of the model', () => {
    expect(vendorOf(list, 'gpt-6.1-sol')).toBe('openai');
    expect(vendorOf(list, 'claude-opus-9')).toBe('anthropic');
    expect(vendorOf(list, 'models/gemini-9-pro')).toBe('google');
    expect(vendorOf(list, 'llama-4')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { readModelName, sameModel } from '../../../src/pricing/model-name.ts';

function same(a: string, b: string): boolean {
  return sameModel(readModelName(a), readModelName(b));
}

describe('readModelName', () => {
  it('takes a name apart into line, version and words', () => {
    expect(readModelName('gpt-6.1-sol')).toEqual({
      line: 'gpt',
      version: [6, 1],
      words: ['sol'],
      listPriced: true,
    });
    expect(readModelName('gemini-3.5-flash-lite')).toMatchObject({
      version: [3, 5],
      words: ['flash', 'lite'],
    });
    expect(readModelName('claude-opus-5-5')).toMatchObject({
      line: 'claude',
      version: [5, 5],
      words: ['opus'],
    });
  });

  it('keeps numbers that are no version as words', () => {
    expect(readModelName('gemini-2.5-flash-preview-09-2025')).toMatchObject({
      version: [2, 5],
      words: ['09', '2025', 'flash', 'preview'],
    });
    expect(readModelName('gpt-4-0613')).toMatchObject({ version: [4], words: ['0613'] });
  });

  it('survives a name without anything in it', () => {
    expect(readModelName('')).toEqual({ line: '', version: [], words: [], listPriced: true });
  });
});

describe('sameModel', () => {
  it.each([
    ['Claude-Opus-5-5', 'claude-opus-5-5'],
    ['claude-sonnet-5[1m]', 'claude-sonnet-5'],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['claude-opus-4-5@20251101', 'claude-opus-4-5'],
    ['claude-3-5-haiku-20241022', 'claude-3-5-haiku-latest'],
    ['claude-opus-4-20250514', 'claude-opus-4-0'],
    ['claude-fable-5.1', 'claude-fable-5-1'],
    ['claude-4-5-haiku', 'claude-haiku-4-5'],
    ['gpt-5.4-mini-2026-03-17', 'gpt-5-4-mini'],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['gemini-3.5-flash-001', 'gemini-3.5-flash'],
    ['global.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
  ])('%s is %s', (a, b) => {
    expect(same(a, b)).toBe(true);
    expect(readModelName(a).listPriced).toBe(true);
  });

  it.each([
    ['claude-sonnet-5-5', 'claude-sonnet-5'],
    ['gpt-5.5-codex', 'gpt-5.5'],
    ['gpt-5.6', 'gpt-5.6-sol'],
    ['gemini-3-pro', 'gemini-3-pro-preview'],
    ['gemini-2.5-flash-lite', 'gemini-2.5-flash'],
    ['gemini-pro-latest', 'gemini-pro'],
    ['gpt-4o-2024-05-13', 'gpt-4'],
  ])('%s is not %s', (a, b) => {
    expect(same(a, b)).toBe(false);
  });

  it.each([
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'anthropic.claude-sonnet-4-5-20250929-v1:0',
    'openrouter/anthropic/claude-sonnet-4.5',
  ])('%s is the same model at a price of its seller', (name) => {
    expect(same(name, 'claude-sonnet-4-5')).toBe(true);
    expect(readModelName(name).listPriced).toBe(false);
  });
});

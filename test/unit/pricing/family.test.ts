import { describe, expect, it } from 'vitest';
import { nearestRelative } from '../../../src/pricing/family.ts';
import { readModelName } from '../../../src/pricing/model-name.ts';
import type { ListedModel } from '../../../src/pricing/price-list.ts';

function relative(asked: string, list: string[]): string | undefined {
  const models = list.map((id): ListedModel => {
    return {
      vendor: 'openai',
      info: { id, match: { equals: id }, prices: {} },
      name: readModelName(id),
      aliases: [],
    };
  });
  return nearestRelative(readModelName(asked), models)?.info.id;
}

describe('nearestRelative', () => {
  const gpt = ['gpt-5.4-mini', 'gpt-5.5', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-6-luna', 'gpt-6-sol'];

  it('takes the highest version at or below the asked one, of the same class', () => {
    expect(relative('gpt-6.1-sol', gpt)).toBe('gpt-6-sol');
    expect(relative('gpt-5.9-sol', gpt)).toBe('gpt-5.6-sol');
    expect(relative('gpt-7-terra', gpt)).toBe('gpt-5.6-terra');
    expect(relative('gpt-5.7', gpt)).toBe('gpt-5.5');
  });

  it('takes the lowest version above where there is none below', () => {
    expect(relative('gpt-5-sol', gpt)).toBe('gpt-5.6-sol');
    expect(relative('gpt-5.3-luna', gpt)).toBe('gpt-6-luna');
  });

  it('takes the newest where the asked name has no version', () => {
    expect(
      relative('gemini-flash-latest', ['gemini-3-flash-preview', 'gemini-3.8-flash', 'gemini-3.5-flash']),
    ).toBe('gemini-3.8-flash');
  });

  it('compares versions as numbers', () => {
    expect(relative('claude-opus-4-11', ['claude-opus-4-2', 'claude-opus-4-10'])).toBe('claude-opus-4-10');
  });

  it('prefers the relative that shares most class words', () => {
    const gemini = ['gemini-3.8-flash', 'gemini-3.5-flash-lite', 'gemini-3.1-flash-lite-image'];
    expect(relative('gemini-3.8-flash-lite', gemini)).toBe('gemini-3.5-flash-lite');
    expect(relative('claude-opus-5-5-thinking', ['claude-sonnet-5-5', 'claude-opus-5'])).toBe(
      'claude-opus-5',
    );
  });

  it('looks through words that do not change the price', () => {
    expect(relative('gpt-5.6-codex', gpt)).toBe('gpt-5.5');
    expect(relative('gpt-5.6-codex-mini', gpt)).toBe('gpt-5.4-mini');
    expect(relative('gemini-3-pro', ['gemini-2.5-pro', 'gemini-3-pro-preview'])).toBe('gemini-3-pro-preview');
  });

  it('takes no one of another line, nor a plain model for an unknown class', () => {
    expect(relative('qwen-6-sol', gpt)).toBeUndefined();
    expect(relative('gpt-7-nova', gpt)).toBeUndefined();
    expect(relative('gpt-6', ['gpt-6-sol'])).toBeUndefined();
    expect(relative('gpt-6-sol', [])).toBeUndefined();
  });

  it('takes the first in the list among equals', () => {
    expect(relative('gpt-5.4', ['gpt-5.3', 'gpt-5.3-codex'])).toBe('gpt-5.3');
  });
});

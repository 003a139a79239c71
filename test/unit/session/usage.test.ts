import { describe, expect, test } from 'vitest';
import { addUsage, noUsage, subtractUsage, totalTokens } from '../../../src/session/usage.ts';

const a = {
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 60,
  cacheWriteTokens: 30,
  cacheWrite1hTokens: 10,
  reasoningTokens: 5,
};

describe('addUsage', () => {
  test('adds every count', () => {
    expect(addUsage(a, a)).toEqual({
      inputTokens: 200,
      outputTokens: 40,
      cacheReadTokens: 120,
      cacheWriteTokens: 60,
      cacheWrite1hTokens: 20,
      reasoningTokens: 10,
    });
  });

  test.each([
    [null, null, null],
    [null, 7, 7],
    [7, null, 7],
    [0, null, 0],
    [3, 4, 7],
  ])('a detail of %s and %s is %s', (left, right, sum) => {
    const added = addUsage(
      { ...a, reasoningTokens: left, cacheWrite1hTokens: left },
      { ...a, reasoningTokens: right, cacheWrite1hTokens: right },
    );
    expect(added.reasoningTokens).toBe(sum);
    expect(added.cacheWrite1hTokens).toBe(sum);
  });

  test('leaves a usage as it is when there is nothing to add', () => {
    expect(addUsage(a, noUsage)).toEqual(a);
    expect(addUsage(noUsage, a)).toEqual(a);
  });
});

test('a difference has the four counts that are always known', () => {
  expect(subtractUsage(addUsage(a, a), a)).toEqual({ ...a, cacheWrite1hTokens: null, reasoningTokens: null });
});

test('subsets are not counted on top', () => {
  expect(totalTokens(a)).toBe(120);
});

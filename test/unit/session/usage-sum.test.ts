import { expect, test } from 'vitest';
import { noUsage, type Usage } from '../../../src/session/usage.ts';
import { UsageSum } from '../../../src/session/usage-sum.ts';

const split = { ...noUsage, inputTokens: 10, cacheWriteTokens: 4, cacheWrite1hTokens: 3, outputTokens: 2 };
const reasoning = { ...noUsage, inputTokens: 1, outputTokens: 8, reasoningTokens: 5 };

function sumOf(...told: readonly [usage: Usage, times: 1 | -1][]) {
  const sum = new UsageSum();
  for (const [usage, times] of told) sum.add(usage, times);
  return sum.total;
}

test('nothing is no usage, with details unknown', () => {
  expect(sumOf()).toEqual(noUsage);
});

test('a detail is known when one of them knows it', () => {
  expect(sumOf([split, 1], [reasoning, 1])).toEqual({
    inputTokens: 11,
    outputTokens: 10,
    cacheReadTokens: 0,
    cacheWriteTokens: 4,
    cacheWrite1hTokens: 3,
    reasoningTokens: 5,
  });
});

test('what is taken back was never there, nor what only it knew', () => {
  expect(sumOf([split, 1], [reasoning, 1], [split, -1])).toEqual(reasoning);
});

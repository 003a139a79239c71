import { expect, test } from 'vitest';
import { tokensByType } from '../../../../src/pipeline/unified/token-types.ts';
import { usage } from '../../session/events.ts';

test('each token is of one type', () => {
  const told = usage({
    inputTokens: 100,
    cacheReadTokens: 60,
    cacheWriteTokens: 30,
    outputTokens: 20,
    reasoningTokens: 5,
  });
  expect(tokensByType(told)).toEqual({
    input: 10,
    cache_read: 60,
    cache_write: 30,
    output: 15,
    reasoning: 5,
  });
});

test('reasoning that the CLI does not tell apart is output', () => {
  expect(tokensByType(usage({ outputTokens: 20, reasoningTokens: null }))).toMatchObject({
    output: 20,
    reasoning: 0,
  });
});

test('details that contradict what they are of do not change the sum', () => {
  const told = usage({
    inputTokens: 100,
    cacheReadTokens: -5,
    cacheWriteTokens: 130,
    outputTokens: 10,
    reasoningTokens: 11,
  });
  expect(tokensByType(told)).toEqual({ input: 0, cache_read: 0, cache_write: 100, output: 0, reasoning: 10 });
});

import type { Usage } from '../session/usage.ts';

/**
 * Whether the counts can be true together: finite, not negative, and no part larger than its whole (`Usage`
 * says what is a part of what). A price made of counts that contradict each other would be a guess without a
 * base.
 */
export function isConsistent(usage: Usage): boolean {
  const hourWrites = usage.cacheWrite1hTokens ?? 0;
  const reasoning = usage.reasoningTokens ?? 0;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const counts = [inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, hourWrites, reasoning];
  return (
    counts.every((count) => Number.isFinite(count) && count >= 0) &&
    cacheReadTokens + cacheWriteTokens <= inputTokens &&
    hourWrites <= cacheWriteTokens &&
    reasoning <= outputTokens
  );
}

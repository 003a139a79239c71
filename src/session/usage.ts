/**
 * Tokens of one or more LLM calls, in the one convention of this project (the GenAI rule for
 * `gen_ai.usage.*`): `inputTokens` includes cache reads and cache writes, `outputTokens` includes reasoning;
 * the rest are subsets.
 */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  /** All cache writes, whatever their lifetime. */
  cacheWriteTokens: number;
  /** The part of `cacheWriteTokens` kept for one hour; null where the CLI does not split them. */
  cacheWrite1hTokens: number | null;
  /** null where the CLI does not report it (Claude: thinking is inside the output, not split). */
  reasoningTokens: number | null;
}

export const noUsage: Readonly<Usage> = Object.freeze({
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: null,
  reasoningTokens: null,
});

/** The sum; a detail unknown on one side counts as what the other side knows. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    cacheWrite1hTokens: addKnown(a.cacheWrite1hTokens, b.cacheWrite1hTokens),
    reasoningTokens: addKnown(a.reasoningTokens, b.reasoningTokens),
  };
}

/** What `a` has more than `b`; the split details stay unknown. */
export function subtractUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens - b.inputTokens,
    outputTokens: a.outputTokens - b.outputTokens,
    cacheReadTokens: a.cacheReadTokens - b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens - b.cacheWriteTokens,
    cacheWrite1hTokens: null,
    reasoningTokens: null,
  };
}

/** Input and output; every other count is a subset of these two. */
export function totalTokens(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens;
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

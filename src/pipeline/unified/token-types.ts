import type { Usage } from '../../session/usage.ts';

/** Values of `gen_ai.token.type`. */
export type TokenType = 'input' | 'cache_read' | 'cache_write' | 'output' | 'reasoning';

/**
 * Tokens split into parts without overlap, as a sum over a label needs them: `input` is what was neither read from nor written
 * to a cache, `output` leaves out the reasoning where the CLI tells it. All together they are `inputTokens` and `outputTokens`.
 */
export function tokensByType(usage: Usage): Record<TokenType, number> {
  const { inputTokens, outputTokens } = usage;
  // The totals of a CLI may contradict its calls in the details, never in what the details are of.
  const read = within(usage.cacheReadTokens, inputTokens);
  const written = within(usage.cacheWriteTokens, inputTokens - read);
  const reasoning = within(usage.reasoningTokens ?? 0, outputTokens);
  return {
    input: inputTokens - read - written,
    cache_read: read,
    cache_write: written,
    output: outputTokens - reasoning,
    reasoning,
  };
}

function within(part: number, whole: number): number {
  return Math.min(Math.max(0, part), whole);
}

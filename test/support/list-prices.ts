import type { Usage } from '../../src/session/usage.ts';

/** USD per million tokens. */
interface ListPrice {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite1h: number;
  output: number;
}

/**
 * The list prices of the models the mocks are asked for, written down by hand, so that a receipt is not compared with what it was made
 * from. OpenAI and Google: as `@pydantic/genai-prices` 0.1.8 lists them, for requests below the long-context limit. Anthropic: what the
 * CLI itself reckons with (facts/claude.md §7).
 */
const listPrices: Readonly<Record<string, ListPrice>> = {
  'gpt-5.5': { input: 5, cacheRead: 0.5, cacheWrite: 5, cacheWrite1h: 5, output: 30 },
  // Not in the library: reckoned at the price of gpt-6-sol, as an estimate.
  'gpt-6.1-sol': { input: 2, cacheRead: 0.2, cacheWrite: 2.5, cacheWrite1h: 2.5, output: 10 },
  'gemini-3.8-flash': { input: 0.75, cacheRead: 0.075, cacheWrite: 0.75, cacheWrite1h: 0.75, output: 3.75 },
  'gemini-3.5-flash-lite': { input: 0.3, cacheRead: 0.03, cacheWrite: 0.3, cacheWrite1h: 0.3, output: 2.5 },
  'gemini-3-flash-preview': { input: 0.5, cacheRead: 0.05, cacheWrite: 0.5, cacheWrite1h: 0.5, output: 3 },
  'claude-opus-5-5': { input: 4, cacheRead: 0.2, cacheWrite: 5, cacheWrite1h: 8, output: 20 },
  'claude-sonnet-5': { input: 2, cacheRead: 0.2, cacheWrite: 2.5, cacheWrite1h: 4, output: 10 },
};

/** USD. @throws {Error} for a model without a price here */
export function listCost(model: string, usage: Usage): number {
  const price = listPrices[model];
  if (!price) throw new Error(`list-prices.ts has no price for ${model}`);
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const cacheWrite1hTokens = usage.cacheWrite1hTokens ?? 0;
  const micros =
    (inputTokens - cacheReadTokens - cacheWriteTokens) * price.input +
    cacheReadTokens * price.cacheRead +
    (cacheWriteTokens - cacheWrite1hTokens) * price.cacheWrite +
    cacheWrite1hTokens * price.cacheWrite1h +
    outputTokens * price.output;
  return micros / 1e6;
}

import type { PriceRequest } from '../../../src/session/cost.ts';
import { noUsage, type Usage } from '../../../src/session/usage.ts';

/** The date all expected prices hold for: list prices change. */
export const at = Date.parse('2026-11-21T12:00:00Z');

export function usage(counts: Partial<Usage>): Usage {
  return { ...noUsage, ...counts };
}

export function request(vendor: string, model: string, counts: Partial<Usage>): PriceRequest {
  return { vendor, model, usage: usage(counts), at };
}

/** The usage of the recorded Claude sessions (facts/claude.md §7). */
export const claudeUsage: Usage = {
  inputTokens: 19221,
  outputTokens: 251,
  cacheReadTokens: 15013,
  cacheWriteTokens: 3007,
  cacheWrite1hTokens: 2004,
  reasoningTokens: null,
};

/** A list in the library's remote format, with one model per vendor unless told otherwise. */
export function remoteProviders(
  openai: object[] = [listed('gpt-9-sol', { input_mtok: 3, output_mtok: 12 })],
): object[] {
  return [
    { id: 'openai', models: openai },
    { id: 'anthropic', models: [listed('claude-opus-9', { input_mtok: 4, output_mtok: 20 })] },
    { id: 'google', models: [listed('gemini-9-pro', { input_mtok: 2, output_mtok: 10 })] },
  ];
}

export function listed(id: string, prices: unknown): object {
  return { id, match: { equals: id }, prices };
}

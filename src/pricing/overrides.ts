import type { Usage } from '../session/usage.ts';
import { readModelName, sameModel } from './model-name.ts';

/** What the user says a model costs, USD per million tokens. */
export interface OverridePrice {
  input: number;
  output: number;
  cacheRead: number;
  /** Writes kept for five minutes, and all writes where the CLI does not tell their lifetime. */
  cacheWrite: number;
  cacheWrite1h: number;
}

/** By model name as the user wrote it, or by its beginning and a trailing `*`. */
export type PriceOverrides = ReadonlyMap<string, OverridePrice>;

export interface FoundOverride {
  /** The user's own key in `[prices]`. */
  pattern: string;
  price: OverridePrice;
}

/**
 * The override for a model: its name first (however it is written, see model-name.ts), then the longest
 * pattern. Where the name is a gateway's or a region's, only a key of exactly that name counts: the user may
 * pay another price there.
 */
export function findOverride(overrides: PriceOverrides, model: string): FoundOverride | null {
  const asked = model.trim().toLowerCase();
  const exact = entryWhere(overrides, (pattern) => pattern.toLowerCase() === asked);
  if (exact !== null) return exact;

  const name = readModelName(model);
  const same = entryWhere(overrides, (pattern) => {
    const key = readModelName(pattern);
    return name.listPriced && key.listPriced && sameModel(key, name);
  });
  if (same !== null) return same;

  const longestFirst = new Map([...overrides].sort(([a], [b]) => b.length - a.length));
  return entryWhere(
    longestFirst,
    (pattern) => pattern.endsWith('*') && asked.startsWith(pattern.slice(0, -1).toLowerCase()),
  );
}

/** USD of one request at the user's price. */
export function overrideUsd(price: OverridePrice, usage: Usage): number {
  const hourWrites = usage.cacheWrite1hTokens ?? 0;
  const plainInput = usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens;
  return (
    (plainInput * price.input +
      usage.cacheReadTokens * price.cacheRead +
      (usage.cacheWriteTokens - hourWrites) * price.cacheWrite +
      hourWrites * price.cacheWrite1h +
      usage.outputTokens * price.output) /
    1e6
  );
}

function entryWhere(overrides: PriceOverrides, matches: (pattern: string) => boolean): FoundOverride | null {
  for (const [pattern, price] of overrides) if (matches(pattern)) return { pattern, price };
  return null;
}

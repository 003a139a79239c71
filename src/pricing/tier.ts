import type { Vendor } from './price-list.ts';

/** Names a CLI or vendor gives to ordinary service. */
const ordinary = new Set(['normal', 'standard', 'default']);

/**
 * OpenAI renamed priority processing to fast mode in July 2026; both names are served. Anthropic's `priority`
 * is another thing.
 */
const fastNames: Partial<Record<Vendor, readonly string[]>> = {
  openai: ['fast', 'priority'],
  anthropic: ['fast'],
};

/**
 * How many times its list price a model costs when served fast, by the list's model id. Only what the vendor
 * has published: openai.com/api-fast-mode (and its predecessor api-priority-processing), and the tables of
 * fast mode prices in platform.claude.com/docs (about-claude/pricing, build-with-claude/fast-mode; Opus 4.6
 * and 4.7 are no longer served fast). The factor is on every kind of token, cache reads and writes included.
 */
const fastFactor: ReadonlyMap<string, number> = new Map([
  ['gpt-5', 2],
  ['gpt-5-mini', 1.8],
  ['gpt-5.1', 2],
  ['gpt-5.2', 2],
  ['gpt-5.4', 2],
  ['gpt-5.4-mini', 2],
  ['gpt-5.5', 2.5],
  ['gpt-5.6-sol', 2],
  ['gpt-5.6-terra', 2],
  ['gpt-5.6-luna', 2],
  ['claude-opus-4-6', 6],
  ['claude-opus-4-7', 6],
  ['claude-opus-4-8', 2],
  ['claude-opus-5', 2],
]);

export interface TierRate {
  /** Multiplies the list price. */
  factor: number;
  /** False when the tier's price is not published: then the list price stands in for it. */
  published: boolean;
}

/** The rate of the tier that was served (never the one that was asked for). */
export function tierRate(vendor: Vendor, modelId: string, tier: string | undefined): TierRate {
  const served = tier?.toLowerCase() ?? 'normal';
  if (ordinary.has(served)) return { factor: 1, published: true };
  const factor = fastNames[vendor]?.includes(served) === true ? fastFactor.get(modelId) : undefined;
  return { factor: factor ?? 1, published: factor !== undefined };
}

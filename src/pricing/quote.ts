import type { ModelPrice } from '@pydantic/genai-prices';
import type { PriceOrigin } from '../session/cost.ts';
import { flatUsdPerMillion } from './flat-rate.ts';
import type { Library } from './library.ts';
import { isEstimate, type ListMatch, type PriceSources, priceSource } from './price-source.ts';

/**
 * USD per million tokens; null where the list has no price of its own and the tokens count as ordinary input
 * (1 h: as a write).
 */
export interface Rates {
  input: number;
  cacheRead: number | null;
  cacheWrite: number | null;
  cacheWrite1h: number | null;
  output: number;
}

/** The rates of one model for a person to read: what the pricer would use now. */
export interface Quote {
  origin: PriceOrigin;
  /** The model or pattern whose price it is; null for the flat rate. */
  pricedAs: string | null;
  estimated: boolean;
  /** For origin `list`: how the listed model stands for the asked one. */
  match: ListMatch | null;
  rates: Rates;
  /**
   * Rates of a request with more input tokens than `above`, lowest threshold first; they hold for the whole
   * request.
   */
  longContext: { above: number; rates: Rates }[];
}

const flatRates: Rates = {
  input: flatUsdPerMillion,
  cacheRead: null,
  cacheWrite: null,
  cacheWrite1h: null,
  output: flatUsdPerMillion,
};

/** What a model costs at a time (Unix ms) and where the figure comes from. */
export function quote(
  library: Library,
  sources: PriceSources,
  vendor: string,
  model: string,
  at: number,
): Quote {
  const source = priceSource(sources, vendor, model);
  const estimated = isEstimate(source);
  if (source.origin === 'override') {
    const { pattern, price } = source.override;
    return { origin: 'override', pricedAs: pattern, estimated, match: null, rates: price, longContext: [] };
  }
  const prices = source.origin === 'fallback' ? null : library.rates(source.model, at);
  if (source.origin === 'fallback' || prices === null) {
    return {
      origin: 'fallback',
      pricedAs: null,
      estimated: true,
      match: null,
      rates: flatRates,
      longContext: [],
    };
  }
  return {
    origin: source.origin,
    pricedAs: source.model.info.id,
    estimated,
    match: source.origin === 'list' ? source.match : null,
    rates: ratesAt(prices, 0),
    longContext: thresholds(prices).map((above) => ({ above, rates: ratesAt(prices, above + 1) })),
  };
}

function ratesAt(prices: ModelPrice, inputTokens: number): Rates {
  const rate = (key: string): number | null => {
    const price = prices[key];
    if (typeof price !== 'object') return price ?? null;
    const reached = price.tiers.filter((tier) => inputTokens > tier.start).sort((a, b) => a.start - b.start);
    return reached.at(-1)?.price ?? price.base;
  };
  return {
    input: rate('input_mtok') ?? 0,
    cacheRead: rate('cache_read_mtok'),
    cacheWrite: rate('cache_write_mtok'),
    cacheWrite1h: rate('cache_write_1h_mtok'),
    output: rate('output_mtok') ?? 0,
  };
}

function thresholds(prices: ModelPrice): number[] {
  const starts = Object.values(prices).flatMap((price) =>
    typeof price === 'object' ? price.tiers.map((tier) => tier.start) : [],
  );
  return [...new Set(starts)].sort((a, b) => a - b);
}

import type { Price, PriceRequest, Pricer } from '../session/cost.ts';
import { isConsistent } from './consistent-usage.ts';
import { flatUsd, flatUsdPerMillion } from './flat-rate.ts';
import { FoundSources } from './found-sources.ts';
import { type Library, loadLibrary } from './library.ts';
import { overrideUsd, type PriceOverrides } from './overrides.ts';
import { type PriceList, updatedList } from './price-list.ts';
import { isEstimate, type PriceSource } from './price-source.ts';
import { tierRate } from './tier.ts';

export interface PricerOptions {
  overrides: PriceOverrides;
  /** A newer list than the bundled one (price-cache.ts), which it comes before. */
  newer?: PriceList;
}

/**
 * Loads the price library and returns the pricer: null for a usage that contradicts itself, else always a
 * price that says where it comes from. An override is what the user pays, so neither tier nor context length
 * changes it.
 */
export async function createPricer(options: PricerOptions): Promise<Pricer> {
  const library = await loadLibrary();
  const { bundled } = library;
  const list = options.newer === undefined ? bundled : updatedList(bundled, options.newer);
  const sources = new FoundSources({ overrides: options.overrides, list });
  return (request) => {
    if (!isConsistent(request.usage)) return null;
    const source = sources.of(request.vendor, request.model);
    switch (source.origin) {
      case 'override': {
        const { pattern, price } = source.override;
        return {
          usd: overrideUsd(price, request.usage),
          origin: 'override',
          pricedAs: pattern,
          estimated: false,
        };
      }
      case 'list':
      case 'family':
        return listPrice(library, source, request) ?? flatPrice(request);
      case 'fallback':
        return flatPrice(request);
    }
  };
}

type ListedSource = Extract<PriceSource, { origin: 'list' | 'family' }>;

function listPrice(library: Library, source: ListedSource, request: PriceRequest): Price | null {
  const { model, origin } = source;
  const usd = library.usd(model, request.usage, request.at);
  if (usd === null) return null;
  const pricedAs = model.info.id;
  const tier = tierRate(model.vendor, pricedAs, request.tier);
  const otherSeller = origin === 'list' && source.match === 'other-seller' && tier.published;
  return {
    usd: usd * tier.factor,
    origin,
    pricedAs,
    estimated: isEstimate(source) || !tier.published,
    ...(otherSeller && { otherSeller }),
  };
}

function flatPrice(request: PriceRequest): Price {
  const pricedAs = `flat $${flatUsdPerMillion} per million tokens`;
  return { usd: flatUsd(request.usage), origin: 'fallback', pricedAs, estimated: true };
}

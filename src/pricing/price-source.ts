import { nearestRelative } from './family.ts';
import { readModelName, sameModel } from './model-name.ts';
import { type FoundOverride, findOverride, type PriceOverrides } from './overrides.ts';
import { type ListedModel, type PriceList, type Vendor, vendors } from './price-list.ts';

/**
 * How a model of the list stands for the asked one: it is the same; the same but sold by someone who may ask
 * another price; or the list says that the asked name has this model's price.
 */
export type ListMatch = 'same' | 'other-seller' | 'alias';

/** Where a model's price comes from: the four steps of design.md §7, without what the CLI itself reports. */
export type PriceSource =
  | { origin: 'override'; override: FoundOverride }
  | { origin: 'list'; model: ListedModel; match: ListMatch }
  | { origin: 'family'; model: ListedModel }
  | { origin: 'fallback' };

export interface PriceSources {
  overrides: PriceOverrides;
  list: PriceList;
}

/**
 * Finds the price of a model: the user's override, the model in the list, the nearest model of its family, or
 * nothing better than the flat rate. The library's own matching is not used: it also takes a model for
 * another one with the same beginning (`claude-sonnet-5-5` for `claude-sonnet-5`).
 */
export function priceSource(sources: PriceSources, vendor: string, model: string): PriceSource {
  const override = findOverride(sources.overrides, model);
  if (override !== null) return { origin: 'override', override };

  const name = readModelName(model);
  const models = modelsOf(sources.list, vendor);
  // A snapshot with its own price has its own entry (`gpt-4o-2024-05-13`), which goes before the model's.
  const itself =
    models.find((listed) => listed.info.id === model) ??
    models.find((listed) => sameModel(listed.name, name));
  if (itself !== undefined)
    return { origin: 'list', model: itself, match: name.listPriced ? 'same' : 'other-seller' };
  const named = models.find((listed) => listed.aliases.some((alias) => sameModel(alias, name)));
  if (named !== undefined) return { origin: 'list', model: named, match: 'alias' };

  const relative = nearestRelative(name, models);
  return relative === null ? { origin: 'fallback' } : { origin: 'family', model: relative };
}

export function isEstimate(source: PriceSource): boolean {
  return (
    source.origin === 'family' ||
    source.origin === 'fallback' ||
    (source.origin === 'list' && source.match !== 'same')
  );
}

/** The vendor of a model by its product line, for a name that comes without one; null for an unknown line. */
export function vendorOf(list: PriceList, model: string): Vendor | null {
  const { line } = readModelName(model);
  return vendors.find((vendor) => list.get(vendor)?.some((listed) => listed.name.line === line)) ?? null;
}

function modelsOf(list: PriceList, vendor: string): readonly ListedModel[] {
  const known = vendors.find((candidate) => candidate === vendor);
  return (known === undefined ? undefined : list.get(known)) ?? [];
}

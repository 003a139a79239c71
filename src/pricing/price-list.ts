import type { MatchLogic, ModelInfo, ModelPrice } from '@pydantic/genai-prices';
import { type ModelName, readModelName } from './model-name.ts';

/** The vendors of the three CLIs, by the library's provider ids. */
export const vendors = ['openai', 'anthropic', 'google'] as const;
export type Vendor = (typeof vendors)[number];

/** One model of the list. `info` is the library's own shape, cut down to what prices tokens. */
export interface ListedModel {
  vendor: Vendor;
  info: Pick<ModelInfo, 'id' | 'match' | 'prices'>;
  name: ModelName;
  /** Other names that the list gives the same price by saying so (not by a common beginning). */
  aliases: readonly ModelName[];
}

export type PriceList = ReadonlyMap<Vendor, readonly ListedModel[]>;

type ConditionalPrices = Exclude<ModelInfo['prices'], ModelPrice>;

/** @public The library's keys of prices that are kept, USD per million tokens; the build asks for them, too. */
export const tokenPrices: readonly string[] = [
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
];

/**
 * Reads a list of providers in the library's format (its bundled data, or the JSON at its
 * `REMOTE_DATA_JSON_URL`). Null when it is no such list or a vendor has no model in it; a single model that
 * cannot be read is left out.
 *
 * Only prices of text tokens are kept: the library prints a warning on the console for a price key it does
 * not know yet, which would paint over the CLI's screen. A model without a price for input and output (free,
 * or billed by the picture) is left out, because a $0 would be silently wrong.
 */
export function readPriceList(providers: unknown): PriceList | null {
  if (!Array.isArray(providers)) return null;
  const list = new Map<Vendor, ListedModel[]>();
  for (const vendor of vendors) {
    const provider: unknown = providers.find(
      (candidate) => isRecord(candidate) && candidate['id'] === vendor,
    );
    const models = isRecord(provider) && Array.isArray(provider['models']) ? provider['models'] : [];
    const listed = models.flatMap((model) => readModel(vendor, model));
    if (listed.length === 0) return null;
    list.set(vendor, listed);
  }
  return list;
}

/** The newer list, and of the bundled one what the newer lacks: an update never takes a known price away. */
export function updatedList(bundled: PriceList, newer: PriceList): PriceList {
  const list = new Map<Vendor, readonly ListedModel[]>();
  for (const vendor of vendors) {
    const models = newer.get(vendor) ?? [];
    const ids = new Set(models.map((model) => model.info.id));
    list.set(vendor, [...models, ...(bundled.get(vendor) ?? []).filter((model) => !ids.has(model.info.id))]);
  }
  return list;
}

function readModel(vendor: Vendor, model: unknown): ListedModel[] {
  if (!isRecord(model) || !isModelId(model['id']) || !isRecord(model['match'])) return [];
  const prices = readPrices(model['prices']);
  if (prices === null) return [];
  return [listedModel(vendor, { id: model['id'], match: model['match'] as MatchLogic, prices })];
}

/** Most sessions ask for models by their ids: names are taken apart when one is looked for by its name. */
function listedModel(vendor: Vendor, info: ListedModel['info']): ListedModel {
  let name: ModelName | undefined;
  let aliases: readonly ModelName[] | undefined;
  return {
    vendor,
    info,
    get name() {
      name ??= readModelName(info.id);
      return name;
    },
    get aliases() {
      aliases ??= statedNames({ ...info.match }).map(readModelName);
      return aliases;
    },
  };
}

/** One price, or prices that hold from a date or at a time of day. */
function readPrices(value: unknown): ModelInfo['prices'] | null {
  if (!Array.isArray(value)) return readTokenPrices(value);
  const conditional: ConditionalPrices = [];
  for (const entry of value) {
    const prices = isRecord(entry) ? readTokenPrices(entry['prices']) : null;
    if (prices === null) return null;
    conditional.push({ ...(entry as ConditionalPrices[number]), prices });
  }
  return conditional.length === 0 ? null : conditional;
}

function readTokenPrices(value: unknown): ModelPrice | null {
  if (!isRecord(value)) return null;
  const kept = tokenPrices.filter((key) => isRate(value[key]));
  const prices = Object.fromEntries(kept.map((key) => [key, value[key]])) as ModelPrice;
  // The library throws for a one-hour price without the plain one.
  if (prices['cache_write_mtok'] === undefined) delete prices['cache_write_1h_mtok'];
  return basePrice(prices['input_mtok']) > 0 && basePrice(prices['output_mtok']) > 0 ? prices : null;
}

function basePrice(rate: ModelPrice[string]): number {
  return typeof rate === 'object' ? rate.base : (rate ?? 0);
}

/** USD per million, or a base with tiers that hold above a number of input tokens. */
function isRate(value: unknown): boolean {
  if (!isRecord(value)) return isAmount(value);
  const tiers = value['tiers'];
  const isTier = (tier: unknown) => isRecord(tier) && isAmount(tier['start']) && isAmount(tier['price']);
  return isAmount(value['base']) && Array.isArray(tiers) && tiers.every(isTier);
}

function statedNames(match: Record<string, unknown>): string[] {
  if (typeof match['equals'] === 'string') return [match['equals']];
  return Array.isArray(match['or']) ? match['or'].filter(isRecord).flatMap(statedNames) : [];
}

/** Printable ASCII: ids are shown in the terminal, and the list may come from the network. */
function isModelId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]+$/.test(value);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { ModelPrice, PriceCalculation } from '@pydantic/genai-prices';
import type { Usage } from '../session/usage.ts';
import { type ListedModel, type PriceList, readPriceList, vendors } from './price-list.ts';

/**
 * The version of `@pydantic/genai-prices` that the build puts into our own files. A test compares it with the
 * installed one.
 */
export const libraryVersion = '0.1.8';

/** The price library behind the few questions we ask it. Its functions neither throw nor print. */
export interface Library {
  bundled: PriceList;
  /** Where the library's maintainers publish newer data, in the format of `readPriceList`. */
  remoteUrl: string;
  /** USD of one request at the list price of its time (Unix ms); null when the list's entry is unusable. */
  usd(model: ListedModel, usage: Usage, at: number): number | null;
  /** USD per million tokens at a time; null when the list's entry is unusable. */
  rates(model: ListedModel, at: number): ModelPrice | null;
}

/**
 * Loads the library, never before the CLI is started. Of its data the built program has what prices the
 * tokens of `vendors` (scripts/lighter-libraries.mjs).
 *
 * Data that is newer than the bundled one is given to the library with each request (`provider`), not through
 * its `updatePrices`: that would change the prices of the whole process and print a warning for data the
 * library does not understand.
 *
 * Throws when the bundled data has an unknown format: a mistake of the build, not of the user.
 */
export async function loadLibrary(): Promise<Library> {
  const { calcPrice, findProvider, REMOTE_DATA_JSON_URL } = await import('@pydantic/genai-prices');
  const bundled = readPriceList(vendors.map((vendor) => findProvider({ providerId: vendor })));
  if (bundled === null)
    throw new Error('the bundled price list has another format than the one this version was built with');

  const calculate = (
    model: ListedModel,
    usage: Record<string, number>,
    at: number,
  ): PriceCalculation | null => {
    const { id, prices } = model.info;
    const only = { id, match: { equals: id }, prices };
    const provider = { id: model.vendor, name: model.vendor, api_pattern: '', models: [only] };
    try {
      return calcPrice(usage, id, { provider, timestamp: new Date(at) });
    } catch {
      // It throws for prices and dates it cannot make sense of.
      return null;
    }
  };
  return {
    bundled,
    remoteUrl: REMOTE_DATA_JSON_URL,
    usd: (model, usage, at) => calculate(model, libraryUsage(usage), at)?.total_price ?? null,
    rates: (model, at) => calculate(model, {}, at)?.model_price ?? null,
  };
}

/**
 * Our convention is the library's: input includes cache reads and writes. Its remaining keys are left out on
 * purpose: it prints a warning for each one it does not know.
 */
function libraryUsage(usage: Usage): Record<string, number> {
  return {
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens ?? 0,
    output_tokens: usage.outputTokens,
  };
}

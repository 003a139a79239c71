import type { Price, Pricer } from './cost.ts';
import type { LlmCallEvent } from './event.ts';
import type { LlmCall } from './session.ts';
import { totalTokens } from './usage.ts';

/** What must be known to price one CLI's calls. */
export interface ModelPrices {
  /** Provider id of the CLI's models in the price library. */
  vendor: string;
  /** The model at whose price the CLI itself reckons models it does not know. */
  fallbackModel?: string;
}

/** Two sums of money that are the same but for rounding. USD. */
const sameUsd = 1e-9;

/** What calls cost: the user's own price, then what the CLI reports, then list prices (design.md §7). */
export class CallCost {
  readonly #price: Pricer;
  readonly #prices: ModelPrices;

  constructor(price: Pricer, prices: ModelPrices) {
    this.#price = price;
    this.#prices = prices;
  }

  of(call: Omit<LlmCallEvent, 'kind'>): Pick<LlmCall, 'cost' | 'overridden' | 'listUsd'> {
    const price = this.#priceOf(call, call.model);
    const overridden = price?.origin === 'override';
    const isExact = price?.origin === 'list' && !price.estimated;
    const listUsd = isExact || price?.otherSeller ? price?.usd : undefined;
    const figures = { overridden, ...(listUsd !== undefined && { listUsd }) };
    if (call.reportedUsd !== undefined && !overridden) {
      const estimated = !isExact && this.#isFallback(call);
      return {
        ...figures,
        cost: { usd: call.reportedUsd, source: 'reported', estimated, unpricedTokens: 0 },
      };
    }
    const unpricedTokens = price ? 0 : totalTokens(call.usage);
    const { usd, estimated } = price ?? { usd: 0, estimated: true };
    return { ...figures, cost: { usd, source: 'computed', estimated, unpricedTokens } };
  }

  /**
   * Did the CLI reckon an unknown model at the price of another (facts/claude.md §7)? Then its figure is an
   * estimate.
   */
  #isFallback(call: Omit<LlmCallEvent, 'kind'>): boolean {
    const { fallbackModel } = this.#prices;
    if (fallbackModel === undefined || call.model === fallbackModel || call.reportedUsd === undefined)
      return false;
    const price = this.#priceOf(call, fallbackModel);
    return price !== null && Math.abs(price.usd - call.reportedUsd) < sameUsd;
  }

  #priceOf({ usage, endedAt: at, tier }: Omit<LlmCallEvent, 'kind'>, model: string): Price | null {
    return this.#price({ vendor: this.#prices.vendor, model, usage, at, ...(tier && { tier }) });
  }
}

import { ExactSum } from './exact-sum.ts';
import type { Usage } from './usage.ts';

/**
 * What a call or a total cost. `source` says who figured it: the CLI (`reported`), we from list prices
 * (`computed`), or both for different parts (`mixed`). `estimated` marks prices of a near relative or the
 * last-resort rate. Tokens without any price are counted in `unpricedTokens`, never as a silent $0.
 */
export interface Cost {
  usd: number;
  source: 'reported' | 'computed' | 'mixed';
  estimated: boolean;
  unpricedTokens: number;
}

const sources = ['reported', 'computed', 'mixed'] as const satisfies readonly Cost['source'][];

/** What is asked of a price source: one request, priced with its own time and tier. */
export interface PriceRequest {
  /** The price library's provider id: `openai`, `anthropic`, `google`. */
  vendor: string;
  model: string;
  usage: Usage;
  /** Time of the request, Unix ms: list prices change. */
  at: number;
  /** Served speed or tier as the CLI names it; absent = normal. */
  tier?: string;
}

/** Where a computed price comes from, in the order of design.md §7. */
export type PriceOrigin = 'override' | 'list' | 'family' | 'fallback';

export interface Price {
  usd: number;
  origin: PriceOrigin;
  /** The model whose price was used; another than the asked one makes it an estimate. */
  pricedAs: string;
  estimated: boolean;
  /** An estimate only because the seller in the model's name may ask another price than the vendor's list. */
  otherSeller?: true;
}

/** Prices one request, or tells null when even an estimate is impossible (usage that contradicts itself). */
export type Pricer = (request: PriceRequest) => Price | null;

/** What several calls cost together. */
export class CostSum {
  readonly #usd = new ExactSum();
  /** Of how many it is so. */
  readonly #sources = { reported: 0, computed: 0, mixed: 0 };
  #estimated = 0;
  #unpricedTokens = 0;

  /** @param times -1 takes back what was added before */
  add({ usd, source, estimated, unpricedTokens }: Cost, times: 1 | -1 = 1): void {
    this.#usd.add(times * usd);
    this.#sources[source] += times;
    if (estimated) this.#estimated += times;
    this.#unpricedTokens += times * unpricedTokens;
  }

  get total(): Cost {
    const [only = 'computed', ...others] = sources.filter((source) => this.#sources[source] > 0);
    return {
      usd: this.#usd.value,
      source: others.length > 0 ? 'mixed' : only,
      estimated: this.#estimated > 0,
      unpricedTokens: this.#unpricedTokens,
    };
  }
}

export function sumCosts(costs: Iterable<Cost>): Cost {
  const sum = new CostSum();
  for (const cost of costs) sum.add(cost);
  return sum.total;
}

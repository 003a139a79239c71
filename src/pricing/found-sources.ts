import { type PriceSource, type PriceSources, priceSource } from './price-source.ts';

/** A run asks for few models, each of them thousands of times. */
const limit = 256;

/** Where the prices of models come from, each looked for once. */
export class FoundSources {
  readonly #sources: PriceSources;
  readonly #found = new Map<string, PriceSource>();

  constructor(sources: PriceSources) {
    this.#sources = sources;
  }

  of(vendor: string, model: string): PriceSource {
    const key = `${vendor}\0${model}`;
    const known = this.#found.get(key);
    if (known) return known;
    const source = priceSource(this.#sources, vendor, model);
    // Names that are made up for each call must not fill the memory.
    if (this.#found.size >= limit) this.#found.clear();
    this.#found.set(key, source);
    return source;
  }
}

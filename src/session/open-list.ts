import { Arrivals } from './arrivals.ts';

/** What a collection that only grows holds, without the items that are closed: those are never looked at again. */
export class OpenList<T> {
  readonly #arrivals: Arrivals<T>;
  readonly #open = new Set<T>();

  /** As for `Arrivals`. */
  constructor(collection: Iterable<T>, count: () => number) {
    this.#arrivals = new Arrivals(collection, count);
  }

  /** In the order they came. */
  get items(): ReadonlySet<T> {
    for (const item of this.#arrivals.take()) this.#open.add(item);
    return this.#open;
  }

  /** Also while others of them are being looked at. */
  close(item: T): void {
    this.#open.delete(item);
  }
}

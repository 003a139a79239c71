/** What a collection that only grows holds, without the items that are closed: those are never looked at again. */
export class OpenList<T> {
  readonly #arrivals: Iterator<T>;
  readonly #count: () => number;
  readonly #open = new Set<T>();
  #arrived = 0;

  /**
   * @param collection a Map's keys, or an array: what is added to it later is found too
   * @param count how many items it holds now
   */
  constructor(collection: Iterable<T>, count: () => number) {
    this.#arrivals = collection[Symbol.iterator]();
    this.#count = count;
  }

  /** In the order they came. */
  get items(): ReadonlySet<T> {
    // An iterator that is asked for more than there is has ended for good, whatever is added then.
    for (const count = this.#count(); this.#arrived < count; this.#arrived += 1) {
      this.#open.add(this.#arrivals.next().value);
    }
    return this.#open;
  }

  /** Also while others of them are being looked at. */
  close(item: T): void {
    this.#open.delete(item);
  }
}

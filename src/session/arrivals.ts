/** What is new in a collection that only grows. */
export class Arrivals<T> {
  readonly #iterator: Iterator<T>;
  readonly #count: () => number;
  #arrived = 0;

  /**
   * @param collection a Map's keys, or an array: what is added to it later is found too
   * @param count how many items it holds now
   */
  constructor(collection: Iterable<T>, count: () => number) {
    this.#iterator = collection[Symbol.iterator]();
    this.#count = count;
  }

  /** Those since it was asked last. */
  *take(): Iterable<T> {
    // An iterator that is asked for more than there is has ended for good, whatever is added then.
    for (const count = this.#count(); this.#arrived < count; this.#arrived += 1) {
      yield this.#iterator.next().value;
    }
  }
}

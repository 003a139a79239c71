/** What has come since it was asked last. */
export interface News<T> {
  take(): Iterable<T>;
}

/** What is new in a collection that only grows. */
export class Arrivals<T> implements News<T> {
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

  *take(): Iterable<T> {
    // An iterator that is asked for more than there is has ended for good, whatever is added then.
    for (const count = this.#count(); this.#arrived < count; this.#arrived += 1) {
      yield this.#iterator.next().value;
    }
  }
}

/** What somebody else puts in. */
export class Inbox<T> implements News<T> {
  #items: T[];

  constructor(items: Iterable<T>) {
    this.#items = [...items];
  }

  put(item: T): void {
    this.#items.push(item);
  }

  take(): Iterable<T> {
    const taken = this.#items;
    this.#items = [];
    return taken;
  }
}

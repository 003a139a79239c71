import type { News } from './arrivals.ts';

/** What has come so far, without the items that are closed: those are never looked at again. */
export class OpenList<T> {
  readonly #news: News<T>;
  readonly #open = new Set<T>();

  constructor(news: News<T>) {
    this.#news = news;
  }

  /** In the order they came. */
  get items(): ReadonlySet<T> {
    for (const item of this.#news.take()) this.#open.add(item);
    return this.#open;
  }

  /** Also while others of them are being looked at. */
  close(item: T): void {
    this.#open.delete(item);
  }
}

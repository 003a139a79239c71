import type { News } from '../arrivals.ts';
import type { PromptedTurn } from '../turns.ts';

type Turn = PromptedTurn | null;

/**
 * What is open of a collection that only grows, by the turn it belongs to. Each item is read from the collection once; which turn it
 * belongs to may turn out later, and is asked anew whenever its turn is looked at.
 */
export class PlacedItems<T> {
  readonly #news: News<T>;
  readonly #turnOf: (item: T) => Turn;
  /** In the order they came. */
  readonly #turns = new Map<T, Turn>();
  readonly #byTurn = new Map<Turn, Set<T>>();

  constructor(news: News<T>, turnOf: (item: T) => Turn) {
    this.#news = news;
    this.#turnOf = turnOf;
  }

  /** All that are open, in the order they came. */
  get all(): T[] {
    this.#arrive();
    return [...this.#turns.keys()];
  }

  get size(): number {
    this.#arrive();
    return this.#turns.size;
  }

  sizeOf(turn: Turn): number {
    return this.#byTurn.get(turn)?.size ?? 0;
  }

  /** Those of some turns. */
  of(turns: ReadonlySet<Turn>): T[] {
    const found = [...turns].flatMap((turn) => [...(this.#byTurn.get(turn) ?? [])]);
    for (const item of found) this.#place(item);
    return found.filter((item) => turns.has(this.#turns.get(item) ?? null));
  }

  /** Also while others of them are being looked at. */
  close(item: T): void {
    this.#leave(item);
    this.#turns.delete(item);
  }

  #arrive(): void {
    for (const item of this.#news.take()) this.#place(item);
  }

  #place(item: T): void {
    const turn = this.#turnOf(item);
    if (this.#turns.get(item) === turn) return;
    this.#leave(item);
    this.#turns.set(item, turn);
    const items = this.#byTurn.get(turn) ?? new Set();
    this.#byTurn.set(turn, items.add(item));
  }

  #leave(item: T): void {
    const turn = this.#turns.get(item);
    if (turn === undefined) return;
    const items = this.#byTurn.get(turn);
    items?.delete(item);
    if (items?.size === 0) this.#byTurn.delete(turn);
  }
}

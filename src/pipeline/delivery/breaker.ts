/** After the first failure at most this, doubled with each further one. ms */
const firstBackoffMs = 1000;
const longestBackoffMs = 30_000;
/** A collector that asks for an hour is asked again nevertheless. ms */
const longestRetryAfterMs = 5 * 60_000;

/** ms that never go backwards, from any point; `performance.now` is one. */
export type MonotonicMs = () => number;

/**
 * Says when a collector may be tried: always while it answers; after a failure not before a pause, which grows
 * with each failure in a row, and then once.
 *
 * The pause is drawn from zero to its longest ("full jitter"), so that a collector that comes back is not met
 * by everybody at once.
 */
export class Breaker {
  readonly #now: MonotonicMs;
  readonly #random: () => number;
  #failures = 0;
  #openedAt = 0;
  #pauseMs = 0;

  /** @param random from 0 to 1. */
  constructor(now: MonotonicMs, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** How long until the next try, ms; 0 = now. */
  waitMs(): number {
    // A clock that was set back does not make the pause longer.
    const passed = Math.max(0, this.#now() - this.#openedAt);
    return Math.max(0, this.#pauseMs - passed);
  }

  /** The collector answered, whatever it thought of the request. */
  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = 0;
  }

  /** @param retryAfterMs what the collector asked for: the pause is not shorter. */
  failed(retryAfterMs = 0): void {
    const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#openedAt = this.#now();
    this.#pauseMs = Math.max(this.#random() * longest, Math.min(retryAfterMs, longestRetryAfterMs));
  }
}

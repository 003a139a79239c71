/** A turn at the processor: sockets are not to wait longer than this. ms */
const turnMs = 1;

/** Sockets that always have more to say are not to keep work waiting for ever. ms */
const longestRestMs = 20;

/**
 * Divides long work into turns, between which the event loop serves whoever waits: not once, but until nobody does. A body of 256 kB
 * comes in several pieces, and each of them would wait for a turn.
 */
export class Pace {
  readonly #eventCount: () => number;
  #since = performance.now();

  /** @param eventCount what the event loop has had so far from sockets, files and threads */
  constructor(eventCount = () => performance.nodeTiming.uvMetricsInfo.events) {
    this.#eventCount = eventCount;
  }

  /** null while the turn is not over; else to be awaited before the next step. */
  rest(): Promise<void> | null {
    const begun = performance.now();
    if (begun - this.#since < turnMs) return null;
    return new Promise((resolve) => {
      let seen = this.#eventCount();
      const look = () => {
        const events = this.#eventCount();
        this.#since = performance.now();
        if (events === seen || this.#since - begun >= longestRestMs) {
          resolve();
        } else {
          seen = events;
          setImmediate(look);
        }
      };
      setImmediate(look);
    });
  }
}

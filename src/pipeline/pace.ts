/** A turn at the processor: sockets are not to wait longer than this. ms */
const turnMs = 1;

/** Divides long work into turns, between which the event loop serves whoever waits. */
export class Pace {
  #since = performance.now();

  /** null while the turn is not over; else to be awaited before the next step. */
  rest(): Promise<void> | null {
    if (performance.now() - this.#since < turnMs) return null;
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#since = performance.now();
        resolve();
      });
    });
  }
}

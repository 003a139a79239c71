import type { Readable } from 'node:stream';

/**
 * Bounds the bytes of all bodies that are being read. When they are used up only the oldest body is read on:
 * something always comes to its end, and at most the limit and one body more are in memory.
 */
export class BodyBudget {
  readonly #limitBytes: number;
  /** Oldest first. */
  readonly #bodies = new Set<Readable>();
  #taken = 0;
  #isUsedUp = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** From here on the body flows, unless others must end first. */
  enter(body: Readable): void {
    this.#bodies.add(body);
    if (this.#isUsedUp) this.#apply();
    else body.resume();
  }

  take(bytes: number): void {
    this.#taken += bytes;
    if (this.#taken >= this.#limitBytes && !this.#isUsedUp) this.#apply();
  }

  release(bytes: number): void {
    this.#taken -= bytes;
    if (this.#isUsedUp) this.#apply();
  }

  leave(body: Readable): void {
    this.#bodies.delete(body);
    if (this.#isUsedUp) this.#apply();
  }

  #apply(): void {
    this.#isUsedUp = this.#taken >= this.#limitBytes;
    const [oldest] = this.#bodies;
    for (const body of this.#bodies) {
      if (this.#isUsedUp && body !== oldest) body.pause();
      else body.resume();
    }
  }
}

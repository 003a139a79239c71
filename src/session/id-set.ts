import { hash } from 'node:crypto';

/**
 * Ids that have been seen, of which only 53 bits of a hash are kept: 16 to 32 bytes each. Among a million of them the chance that any
 * two are taken for one is 1 in 18,000.
 */
export class IdSet {
  /** Open addressing; 0 is an empty place. */
  #places = new Float64Array(256);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    return this.#size > 0 && this.#places[placeOf(this.#places, digest(id))] !== 0;
  }

  add(id: string): void {
    if (this.#size * 2 >= this.#places.length) this.#grow();
    const key = digest(id);
    const place = placeOf(this.#places, key);
    if (this.#places[place] !== 0) return;
    this.#places[place] = key;
    this.#size += 1;
  }

  #grow(): void {
    const grown = new Float64Array(this.#places.length * 2);
    for (const key of this.#places) if (key !== 0) grown[placeOf(grown, key)] = key;
    this.#places = grown;
  }
}

/** Where a key is, or would be. */
function placeOf(places: Float64Array, key: number): number {
  let place = key % places.length;
  while (places[place] !== 0 && places[place] !== key) place = (place + 1) % places.length;
  return place;
}

/** An integer from 1 to 2^53 - 1. */
function digest(id: string): number {
  const bytes = hash('sha256', id, 'buffer');
  return bytes.readUInt32BE(0) * 2 ** 21 + (bytes.readUInt32BE(4) >>> 11) || 1;
}

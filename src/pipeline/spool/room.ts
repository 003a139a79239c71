import type { SpoolFolder } from './spool-folder.ts';

/** Keeps the folder within a number of bytes; the names alone tell how many there are. */
export class Room {
  readonly #folder: SpoolFolder;
  readonly #limit: number;
  /** What is written between two looks at the folder, which may hold thousands of names. Bytes. */
  readonly #step: number;
  /** Bytes that may be written before the next look. */
  #left = 0;

  constructor(folder: SpoolFolder, limitBytes: number) {
    this.#folder = folder;
    this.#limit = limitBytes;
    this.#step = Math.floor(limitBytes / 64);
  }

  /**
   * To be told of a file that has been written, still under its temporary name. Removes the oldest entries,
   * whoever owns them, when all are beyond the limit.
   * @returns how many records were removed that could still have been sent.
   */
  take(bytes: number): number {
    this.#left -= bytes;
    if (this.#left >= 0) return 0;
    const names = this.#folder.sweep(this.#folder.names());
    let total = names.reduce((sum, name) => sum + name.bytes, 0);
    let evictedRecords = 0;
    const target = total > this.#limit ? this.#limit - this.#step : total;
    for (const name of names) {
      if (total <= target) break;
      if (name.state === 'temporary') continue;
      total -= name.bytes;
      // Whoever removes it counts it.
      if (this.#folder.remove(name) && name.state === 'whole') evictedRecords += name.records;
    }
    this.#left = Math.min(this.#limit - total, this.#step);
    return evictedRecords;
  }
}

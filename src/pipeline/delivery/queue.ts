import { promisify } from 'node:util';
import { gzip, gzipSync, type ZlibOptions } from 'node:zlib';
import type { Signal } from '../../otlp/types.ts';
import type { Kept, Spool } from '../spool/spool.ts';
import { groups, merged } from './batch.ts';
import { compressing } from './compression.ts';
import { type Item, type ItemInMemory, isInMemory, isOnDisk, requestLimit } from './item.ts';

const mebibyte = 1024 * 1024;
/** Beyond this the youngest move to disk, until half of it is left. Bytes of protobuf. */
const memoryLimit = 8 * mebibyte;
/** The same near the end: as much is compressed within a few ms. */
const lateMemoryLimit = mebibyte;
/** Beyond this they do so at once, without letting anything else happen before. */
const urgentLimit = 32 * mebibyte;
/** What memory holds when the disk takes nothing; beyond it the oldest are given up. */
const lastLimit = 64 * mebibyte;

const gzipAsync = promisify(gzip);
/** For more than there is time to compress. */
const storing: ZlibOptions = { level: 0 };

interface Place {
  /** URL as in `DestinationReport.url`. */
  destination: string;
  needsHeaders: boolean;
  spool: Pick<Spool, 'keep'>;
}

/**
 * What waits for one destination, first in, first out by signal. A little of it is in memory, that which is
 * next; the rest is on disk, as long as that takes it.
 */
export class Queue {
  readonly #place: Place;
  #items: Item[] = [];
  /** Bytes of those in memory. */
  #memory = 0;
  #limit = memoryLimit;
  #isMoving = false;
  /** After the disk took nothing it is tried again when memory holds more than this. */
  #retryAt = 0;
  #dropped = 0;
  /** Records that were let go of for a later run. */
  #released = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Bytes of protobuf in memory. */
  get memory(): number {
    return this.#memory;
  }

  /** Records that had to be given up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Records of this run that are on disk. */
  get spooled(): number {
    return recordsOf(this.#items.filter((item) => isOnDisk(item) && !item.isEarlier)) + this.#released;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (isInMemory(item)) this.#memory += item.body.length;
    this.#relieve();
  }

  /** Items that were taken, in their order, to be the next again. */
  putBack(items: readonly Item[]): void {
    this.#set([...items, ...this.#items]);
    this.#relieve();
  }

  /** The oldest item of a signal that is not shut, with the younger ones of its signal that fit into one request. */
  take(shut: ReadonlySet<Signal> = new Set()): Item | undefined {
    const [group] = groups(this.#items.filter(({ signal }) => !shut.has(signal)));
    if (!group) return undefined;
    const taken = new Set<Item>(group);
    this.#set(this.#items.filter((item) => !taken.has(item)));
    return merged(group);
  }

  /** Keeps what nobody takes where it is not sent again. */
  setAside(item: Item): void {
    if (isInMemory(item)) {
      const kept = this.#write(item, gzipSync(item.body, compressing));
      if (kept.kind === 'kept') kept.entry.setAside();
      item.done();
    } else if (isOnDisk(item)) {
      item.body.setAside();
    }
  }

  /** The end is near: more of it moves to disk while there is time, so that little is left to do then. */
  prepareRelease(): void {
    this.#limit = lateMemoryLimit;
    this.#relieve();
  }

  /** Everything goes to disk for later runs, at once; what the disk does not take is given up. */
  releaseAll(): void {
    const options = this.#memory > lateMemoryLimit ? storing : compressing;
    const items = groups(this.#items).map(merged);
    this.#set(items);
    for (const item of items) {
      if (isInMemory(item)) this.#keep(item, gzipSync(item.body, options));
    }
    this.#set([]);
    for (const item of items) this.#letGo(item);
  }

  #set(items: Item[]): void {
    this.#items = items;
    this.#memory = items.filter(isInMemory).reduce((sum, { body }) => sum + body.length, 0);
    this.#retryAt = Math.min(this.#retryAt, this.#memory + requestLimit);
  }

  /** Brings what is in memory down to what it may hold. */
  #relieve(): void {
    while (this.#memory > urgentLimit && this.#memory > this.#retryAt) {
      const youngest = this.#youngest().at(-1);
      if (!youngest) break;
      this.#keep(youngest, gzipSync(youngest.body, compressing));
    }
    void this.#moveYoungest();
    while (this.#memory > lastLimit && this.#items.length > 1) {
      const oldest = this.#items.find(isInMemory);
      if (!oldest) break;
      this.#set(this.#items.filter((item) => item !== oldest));
      this.#giveUp(oldest);
    }
  }

  async #moveYoungest(): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    while (this.#memory > this.#limit && this.#memory > this.#retryAt) {
      for (const item of this.#youngest()) {
        if (!(await this.#move(item))) break;
      }
    }
    this.#isMoving = false;
  }

  /** The youngest in memory, put together; those before them are half of what memory may hold. */
  #youngest(): ItemInMemory[] {
    const end = this.#items.findLastIndex(isInMemory) + 1;
    let start = end;
    let left = this.#memory;
    for (; start > 0 && left > this.#limit / 2; start -= 1) {
      const item = this.#items[start - 1];
      if (!item || !isInMemory(item)) break;
      left -= item.body.length;
    }
    const youngest = groups(this.#items.slice(start, end)).map(merged);
    this.#items.splice(start, end - start, ...youngest);
    return youngest.filter(isInMemory);
  }

  /** false when the disk took nothing. */
  async #move(item: ItemInMemory): Promise<boolean> {
    // It may be taken, or moved by somebody in more of a hurry, before its turn and while it is compressed.
    if (!this.#isHere(item)) return true;
    const compressed = await gzipAsync(item.body, compressing);
    return !this.#isHere(item) || this.#keep(item, compressed);
  }

  #isHere(item: Item): boolean {
    return this.#items.includes(item) && isInMemory(item);
  }

  #keep(item: Item, compressed: Uint8Array): boolean {
    const kept = this.#write(item, compressed);
    if (kept.kind === 'failed') {
      this.#retryAt = this.#memory + requestLimit;
      return false;
    }
    const { done } = item;
    Object.assign(item, { body: kept.entry, done: () => kept.entry.remove() });
    this.#set(this.#items);
    done();
    return true;
  }

  #write({ signal, records, at }: Item, compressed: Uint8Array): Kept {
    const { destination, needsHeaders, spool } = this.#place;
    return spool.keep({ destination, needsHeaders, signal, records, at }, compressed);
  }

  #letGo(item: Item): void {
    if (isOnDisk(item)) {
      // What was evicted is not there any more, and counted by who evicted it.
      if (item.body.release() && !item.isEarlier) this.#released += item.records;
    } else {
      this.#giveUp(item);
    }
  }

  #giveUp(item: Item): void {
    this.#dropped += item.records;
    item.done();
  }
}

function recordsOf(items: readonly Item[]): number {
  return items.reduce((sum, { records }) => sum + records, 0);
}

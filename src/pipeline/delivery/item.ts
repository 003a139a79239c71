import type { Signal } from '../../otlp/types.ts';
import type { OwnedEntry } from '../spool/spool.ts';

/** Small requests are put together up to this size, which collectors take over HTTP and gRPC alike. Bytes of protobuf. */
export const requestLimit = 4 * 1024 * 1024;

/** One export request on its way to one destination. */
export interface Item {
  signal: Signal;
  /** Log records, spans or metric points in it. */
  records: number;
  /** Unix ms, when the first of them was sent. */
  at: number;
  /** Protobuf, not compressed, or where on disk it is. */
  body: Uint8Array | OwnedEntry;
  /** It was kept by an earlier run, whose receipt has counted it. */
  isEarlier: boolean;
  /** Shared by all parts of a request in which something is bad; null for one that nothing is known against. */
  search: Search | null;
  /** Called once, when it is needed no more: taken, given up, or safe in another place. */
  done(): void;
}

/** The search for what is bad in a request. */
export interface Search {
  /** Requests that were sent for it. */
  posts: number;
  /** What the collector said against it. */
  reason: string;
}

export interface ItemInMemory extends Item {
  body: Uint8Array;
}

export interface ItemOnDisk extends Item {
  body: OwnedEntry;
}

export function isInMemory(item: Item): item is ItemInMemory {
  return item.body instanceof Uint8Array;
}

export function isOnDisk(item: Item): item is ItemOnDisk {
  return !isInMemory(item);
}

export function itemOnDisk(entry: OwnedEntry, isEarlier: boolean): ItemOnDisk {
  const { signal, records, at } = entry;
  return { signal, records, at, body: entry, isEarlier, search: null, done: () => entry.remove() };
}

/** Calls `done` when it was called `times` times itself. */
export function afterCalls(times: number, done: () => void): () => void {
  let left = times;
  return () => {
    left -= 1;
    if (left === 0) done();
  };
}

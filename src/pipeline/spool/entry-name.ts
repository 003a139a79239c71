import { crc32 } from 'node:zlib';
import { type Owner, ownerPattern, ownerText, parseOwner } from './owner.ts';

/** What an entry's file name tells, so that neither cap nor order needs the file itself. */
export interface EntryName {
  /** Unix ms, when the request was first kept. */
  at: number;
  /** Keeps requests of one process and millisecond in order. */
  order: number;
  /** Checksum of the destination's URL, eight hex digits. */
  destination: string;
  /** Log records, spans or metric points. */
  records: number;
  /** Size of the file. */
  bytes: number;
  /** Tells it from all others: twelve hex digits. */
  id: string;
  /** Who works on it; null when it is free. */
  owner: Owner | null;
  /** `temporary` is being written; `refused` is never sent again. */
  state: 'whole' | 'temporary' | 'refused';
}

const suffixes = { whole: 'otlp', temporary: 'tmp', refused: 'refused' } as const;
const states = { otlp: 'whole', tmp: 'temporary', refused: 'refused' } as const;

const pattern = new RegExp(
  String.raw`^(\d{15})-(\d{6,16})-([0-9a-f]{8})-(\d{1,16})-(\d{1,16})-([0-9a-f]{12})(?:\.(${ownerPattern}))?\.(otlp|tmp|refused)$`,
);

/** `<at>-<order>-<destination>-<records>-<bytes>-<id>[.<owner>].<state>` */
export function formatEntryName(name: EntryName): string {
  const { destination, records, bytes, id, owner, state } = name;
  const at = String(name.at).padStart(15, '0');
  const order = String(name.order).padStart(6, '0');
  const owned = owner ? `.${ownerText(owner)}` : '';
  return `${at}-${order}-${destination}-${records}-${bytes}-${id}${owned}.${suffixes[state]}`;
}

/** null for the name of anything else. */
export function parseEntryName(text: string): EntryName | null {
  const [, at, order, destination = '', records, bytes, id = '', owner, suffix] = pattern.exec(text) ?? [];
  if (at === undefined) return null;
  return {
    at: Number(at),
    order: Number(order),
    destination,
    records: Number(records),
    bytes: Number(bytes),
    id,
    owner: owner === undefined ? null : parseOwner(owner),
    state: states[suffix as keyof typeof states],
  };
}

export function destinationSum(url: string): string {
  return crc32(url).toString(16).padStart(8, '0');
}

/** A whole number that a name has room for, of any number: a clock may show the year 0, or 275760. */
export function nameNumber(value: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), 0), 999_999_999_999_999) : 0;
}

/** Clocks are set right by less than this in passing. ms */
const slackMs = 60_000;

/**
 * Sorts names by age, oldest first. What claims to be of a later time than now was written while the clock
 * was wrong, hence before now: it comes first, lest it never be sent nor make room.
 */
export function byAge(now: number): (a: EntryName, b: EntryName) => number {
  const isFuture = (name: EntryName) => (name.at > now + slackMs ? 0 : 1);
  return (a, b) => isFuture(a) - isFuture(b) || a.at - b.at || a.order - b.order || (a.id < b.id ? -1 : 1);
}

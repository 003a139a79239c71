import type { Signal } from '../../otlp/types.ts';
import { decodeFrames, encodeFrame } from './frame.ts';

/** What is known of a request on disk. */
export interface SpoolEntry {
  /** URL as in `DestinationReport.url`. */
  destination: string;
  /** The run that wrote it had headers or a client certificate for the destination; none are on disk. */
  needsHeaders: boolean;
  signal: Signal;
  /** Log records, spans or metric points. */
  records: number;
  /** Unix ms, when it was first kept. */
  at: number;
}

const types = { entry: 1, body: 2 };
const signals: readonly Signal[] = ['logs', 'traces', 'metrics'];

/** An entry's file: a frame of JSON, which tells what it is, and one of the body. */
export function encodeEntry(entry: SpoolEntry, body: Uint8Array): Uint8Array[] {
  const { destination, needsHeaders, signal, records, at } = entry;
  const told = JSON.stringify({ destination, needsHeaders, signal, records, at });
  return [...encodeFrame(types.entry, [Buffer.from(told)]), ...encodeFrame(types.body, [body])];
}

/** null when it is not whole. Never throws. */
export function decodeEntry(bytes: Buffer): { entry: SpoolEntry; body: Buffer } | null {
  const { frames, damaged } = decodeFrames(bytes);
  const [first, second] = frames;
  if (damaged > 0 || first?.type !== types.entry || second?.type !== types.body) return null;
  const entry = parseEntry(first.payload.toString());
  return entry ? { entry, body: second.payload } : null;
}

function parseEntry(text: string): SpoolEntry | null {
  try {
    const told: Partial<SpoolEntry> | null = JSON.parse(text);
    const isEntry =
      typeof told?.destination === 'string' &&
      typeof told.needsHeaders === 'boolean' &&
      signals.some((each) => each === told.signal) &&
      typeof told.records === 'number' &&
      typeof told.at === 'number';
    return isEntry ? (told as SpoolEntry) : null;
  } catch {
    return null;
  }
}

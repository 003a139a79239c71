import type { Signal } from '../../otlp/types.ts';
import type { Received } from '../listener/listener.ts';
import { encodeFrame, type Frame } from './frame.ts';

/** What the frames of a journal say. */
export type JournalFrame =
  | { kind: 'about'; about: unknown }
  | { kind: 'request'; seq: number; received: Received }
  | { kind: 'settled'; seqs: number[] };

const types = { about: 1, request: 2, settled: 3 };
const signals: readonly Signal[] = ['logs', 'traces', 'metrics'];

export function encodeAbout(about: unknown): Uint8Array[] {
  return encodeFrame(types.about, [Buffer.from(JSON.stringify(about ?? null))]);
}

/** Payload: length of the JSON that tells all but the body (32 bits, little-endian), the JSON, the body. */
export function encodeRequest(seq: number, received: Received): Uint8Array[] {
  const { signal, contentType = null, contentEncoding = null, at, body } = received;
  const told = Buffer.from(JSON.stringify({ seq, signal, contentType, contentEncoding, at }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(told.length);
  return encodeFrame(types.request, [length, told, body]);
}

export function encodeSettled(seqs: readonly number[]): Uint8Array[] {
  return encodeFrame(types.settled, [Buffer.from(JSON.stringify(seqs))]);
}

/** null for what no version of ours has written. Never throws. */
export function readJournalFrame({ type, payload }: Frame): JournalFrame | null {
  try {
    if (type === types.about) return { kind: 'about', about: JSON.parse(payload.toString()) };
    if (type === types.settled) return readSettled(JSON.parse(payload.toString()));
    if (type === types.request) return readRequest(payload);
  } catch {
    // no such JSON, or too short for its length
  }
  return null;
}

function readSettled(seqs: unknown): JournalFrame | null {
  const isList = Array.isArray(seqs) && seqs.every((each) => typeof each === 'number');
  return isList ? { kind: 'settled', seqs } : null;
}

function readRequest(payload: Buffer): JournalFrame | null {
  const bodyAt = 4 + payload.readUInt32LE(0);
  const told = JSON.parse(payload.toString('utf8', 4, bodyAt)) as Record<string, unknown> | null;
  const signal = signals.find((each) => each === told?.['signal']);
  const seq = told?.['seq'];
  const at = told?.['at'];
  if (signal === undefined || typeof seq !== 'number' || typeof at !== 'number') return null;
  const contentType = textOf(told?.['contentType']);
  const contentEncoding = textOf(told?.['contentEncoding']);
  const body = payload.subarray(bodyAt);
  return { kind: 'request', seq, received: { signal, contentType, contentEncoding, body, at } };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

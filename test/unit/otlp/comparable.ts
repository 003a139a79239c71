import type { Decoded } from '../../../src/otlp/decoded.ts';
import { Long } from '../../../src/otlp/long.ts';
import type { ExportRequests, Signal } from '../../../src/otlp/types.ts';

/** A message as plain data for `toEqual`: own members only, 64-bit integers as text, bytes as hex, classes forgotten. */
export function comparable(value: unknown): unknown {
  if (Long.isLong(value)) return `int64 ${value}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, comparable(member)]));
}

/** The request, or a failed test that says why. */
export function decoded<S extends Signal>(result: Decoded<S>): ExportRequests[S] {
  if (!result.ok) throw new Error(`${result.kind}: ${result.reason}`);
  return result.request;
}

import type { Int64 } from './int64.ts';
import { Long } from './long.ts';

/**
 * Numbers of 8 bytes as a packed field has them on the wire (protobuf encoding, "Packed Repeated Fields"): little-endian, one after the
 * other. The buckets of histograms are four fifths of an export of metrics, thousands of numbers that nobody looks at: so they stay as
 * they are. What is left over behind the last whole number is no number.
 */
const size = 8;

export function packInts(values: readonly Int64[]): Uint8Array {
  return packed(values, (view, at, value) => {
    const { low, high } = Long.fromValue(value);
    view.setInt32(at, low, true);
    view.setInt32(at + 4, high, true);
  });
}

export function packDoubles(values: readonly number[]): Uint8Array {
  return packed(values, (view, at, value) => view.setFloat64(at, value, true));
}

/** Unsigned. */
export function unpackInts(bytes: Uint8Array): Long[] {
  return unpacked(bytes, (view, at) =>
    Long.fromBits(view.getInt32(at, true), view.getInt32(at + 4, true), true),
  );
}

export function unpackDoubles(bytes: Uint8Array): number[] {
  return unpacked(bytes, (view, at) => view.getFloat64(at, true));
}

/** Adds integers one by one; `b` is as long as `a`. */
export function addPackedInts(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum = new Uint8Array(a);
  const sums = viewOf(sum);
  const added = viewOf(b);
  for (let at = 0; at + size <= b.length; at += size) {
    const low = added.getUint32(at, true);
    const high = added.getUint32(at + 4, true);
    // Most buckets are empty.
    if (low === 0 && high === 0) continue;
    const lowSum = sums.getUint32(at, true) + low;
    const carry = lowSum > 0xffff_ffff ? 1 : 0;
    sums.setUint32(at, lowSum, true);
    sums.setUint32(at + 4, sums.getUint32(at + 4, true) + high + carry, true);
  }
  return sum;
}

function packed<T>(values: readonly T[], set: (view: DataView, at: number, value: T) => void): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = viewOf(bytes);
  for (const [i, value] of values.entries()) set(view, i * size, value);
  return bytes;
}

function unpacked<T>(bytes: Uint8Array, get: (view: DataView, at: number) => T): T[] {
  const view = viewOf(bytes);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => get(view, i * size));
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

import type { Int64 } from '../otlp/int64.ts';
import { toNumber } from '../otlp/int64.ts';
import { Long } from '../otlp/long.ts';
import { addPackedInts } from '../otlp/packed-numbers.ts';
import type { HistogramDataPoint, NumberDataPoint } from '../otlp/types.ts';

/** What a point of type `P` measured, as a value `V` of its own that can be added. */
export interface PointValues<P, V extends object> {
  /** What of a point is its value. */
  members: readonly (keyof V & string)[];
  read(point: P): V;
  /** The same without the request that it is read from, which would stay as long as it. */
  kept(value: V): V;
  /** Nothing measured, of the same kind. */
  zero(like: V): V;
  /** Can the two be added? */
  fit(a: V, b: V): boolean;
  add(a: V, b: V): V;
}

/** What both kinds of histograms say beside their buckets. Of `sum`, `min` and `max` each may be untold. */
export interface Spread {
  count?: Int64;
  sum?: number;
  min?: number;
  max?: number;
}

export const spreadMembers = ['count', 'sum', 'min', 'max'] as const;

export function spread({ count = 0, sum, min, max }: Spread): Spread {
  return {
    count,
    ...(sum !== undefined && { sum }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

type NumberValue = Pick<NumberDataPoint, 'asInt' | 'asDouble'>;

/** Integers stay integers, exact in 64 bits; with a double among them the sum is one. */
export const numberValues: PointValues<NumberDataPoint, NumberValue> = {
  members: ['asInt', 'asDouble'],
  read: ({ asInt, asDouble }) => (asInt === undefined ? { asDouble: asDouble ?? 0 } : { asInt }),
  kept: (value) => value,
  zero: ({ asInt }) => (asInt === undefined ? { asDouble: 0 } : { asInt: Long.ZERO }),
  fit: () => true,
  add(a, b) {
    if (a.asInt !== undefined && b.asInt !== undefined) return { asInt: addInts(a.asInt, b.asInt) };
    return { asDouble: asNumber(a) + asNumber(b) };
  },
};

type HistogramValue = Pick<HistogramDataPoint, 'count' | 'sum' | 'min' | 'max'> &
  Required<Pick<HistogramDataPoint, 'bucketCounts' | 'explicitBounds'>>;

export const histogramValues: PointValues<HistogramDataPoint, HistogramValue> = {
  members: [...spreadMembers, 'bucketCounts', 'explicitBounds'],
  read: ({ bucketCounts = none, explicitBounds = none, ...point }) => ({
    ...spread(point),
    bucketCounts,
    explicitBounds,
  }),
  kept: ({ bucketCounts, explicitBounds, ...value }) => ({
    ...value,
    bucketCounts: new Uint8Array(bucketCounts),
    explicitBounds: new Uint8Array(explicitBounds),
  }),
  zero: ({ sum, bucketCounts, explicitBounds }) => ({
    count: Long.UZERO,
    ...(sum !== undefined && { sum: 0 }),
    bucketCounts: new Uint8Array(bucketCounts.length),
    explicitBounds,
  }),
  fit: (a, b) =>
    a.bucketCounts.length === b.bucketCounts.length &&
    Buffer.compare(a.explicitBounds, b.explicitBounds) === 0,
  add: (a, b) => ({
    ...addSpread(a, b),
    bucketCounts: addPackedInts(a.bucketCounts, b.bucketCounts),
    explicitBounds: a.explicitBounds,
  }),
};

const none = new Uint8Array();

export function addSpread(a: Spread, b: Spread): Spread {
  const count = addInts(a.count ?? 0, b.count ?? 0);
  // An empty one has no least and no greatest, and takes none from the other.
  const told = [a, b].filter((part) => toNumber(part.count ?? 0) > 0);
  const mins = told.flatMap(({ min }) => min ?? []);
  const maxs = told.flatMap(({ max }) => max ?? []);
  return {
    count,
    ...(a.sum !== undefined && b.sum !== undefined && { sum: a.sum + b.sum }),
    ...(mins.length > 0 && mins.length === told.length && { min: Math.min(...mins) }),
    ...(maxs.length > 0 && maxs.length === told.length && { max: Math.max(...maxs) }),
  };
}

export function addInts(a: Int64, b: Int64): Long {
  return Long.fromValue(a).add(b);
}

function asNumber({ asInt, asDouble }: NumberValue): number {
  return asInt === undefined ? (asDouble ?? 0) : toNumber(asInt);
}

import { Long } from '../otlp/long.ts';
import type { Buckets, ExponentialHistogramDataPoint } from '../otlp/types.ts';
import { addInts, addSpread, type PointValues, type Spread, spread, spreadMembers } from './point-values.ts';

/** Bucket `i` of scale `s` counts what lies in (base^i, base^(i+1)], base = 2^(2^-s). */
interface ExponentialValue extends Spread {
  scale: number;
  zeroCount: Long;
  zeroThreshold: number;
  positive: Buckets;
  negative: Buckets;
}

const noBuckets: Buckets = { offset: 0, bucketCounts: [] };

export const exponentialValues: PointValues<ExponentialHistogramDataPoint, ExponentialValue> = {
  members: [...spreadMembers, 'scale', 'zeroCount', 'zeroThreshold', 'positive', 'negative'],
  read: (point) => ({
    ...spread(point),
    scale: point.scale ?? 0,
    zeroCount: Long.fromValue(point.zeroCount ?? 0),
    zeroThreshold: point.zeroThreshold ?? 0,
    positive: point.positive ?? noBuckets,
    negative: point.negative ?? noBuckets,
  }),
  kept: (value) => value,
  zero: ({ sum, scale, zeroThreshold }) => ({
    count: Long.UZERO,
    ...(sum !== undefined && { sum: 0 }),
    scale,
    zeroCount: Long.UZERO,
    zeroThreshold,
    positive: noBuckets,
    negative: noBuckets,
  }),
  // Any two scales can be added; a bucket that the wider zero bucket cuts cannot.
  fit: (a, b) => a.zeroThreshold === b.zeroThreshold,
  add(a, b) {
    const scale = Math.min(a.scale, b.scale);
    const buckets = (sign: 'positive' | 'negative') =>
      addBuckets(coarser(a[sign], a.scale - scale), coarser(b[sign], b.scale - scale));
    return {
      ...addSpread(a, b),
      scale,
      zeroCount: addInts(a.zeroCount, b.zeroCount),
      zeroThreshold: a.zeroThreshold,
      positive: buckets('positive'),
      negative: buckets('negative'),
    };
  },
};

/** `steps` scales down, two neighbours become one at each (data-model.md, "Exponential Scale"). */
function coarser({ offset = 0, bucketCounts }: Buckets, steps: number): Buckets {
  const width = 2 ** steps;
  const first = Math.floor(offset / width);
  const counts: Long[] = [];
  for (const [i, count] of bucketCounts.entries()) {
    const index = Math.floor((offset + i) / width) - first;
    counts[index] = addInts(counts[index] ?? Long.UZERO, count);
  }
  return { offset: first, bucketCounts: counts };
}

function addBuckets(a: Buckets, b: Buckets): Buckets {
  if (a.bucketCounts.length === 0) return b;
  if (b.bucketCounts.length === 0) return a;
  const [aFirst, bFirst] = [a.offset ?? 0, b.offset ?? 0];
  const first = Math.min(aFirst, bFirst);
  const end = Math.max(aFirst + a.bucketCounts.length, bFirst + b.bucketCounts.length);
  const bucketCounts = Array.from({ length: end - first }, (_, i) =>
    addInts(a.bucketCounts[first + i - aFirst] ?? Long.UZERO, b.bucketCounts[first + i - bFirst] ?? 0),
  );
  return { offset: first, bucketCounts };
}

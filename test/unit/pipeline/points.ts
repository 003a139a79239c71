import { packDoubles, packInts, unpackInts } from '../../../src/otlp/packed-numbers.ts';
import type { Exemplar, HistogramDataPoint, Metric, NumberDataPoint } from '../../../src/otlp/types.ts';
import { type Attributes, list } from '../providers/records.ts';

export const delta = 1;
export const cumulative = 2;

/** Times are ms. */
interface When {
  start?: number;
  at: number;
  labels?: Attributes;
  flags?: number;
  exemplars?: Exemplar[];
}

function common({ start, at, labels = {}, flags, exemplars = [] }: When) {
  return {
    ...(start !== undefined && { startTimeUnixNano: start * 1e6 }),
    timeUnixNano: at * 1e6,
    ...(flags !== undefined && { flags }),
    attributes: list(labels),
    exemplars,
  };
}

export function number(value: Pick<NumberDataPoint, 'asInt' | 'asDouble'>, when: When): NumberDataPoint {
  return { ...value, ...common(when) };
}

interface Measured
  extends Omit<HistogramDataPoint, 'bucketCounts' | 'explicitBounds' | 'attributes' | 'exemplars'> {
  bucketCounts: readonly number[];
  /** 10 and 100 unless told. */
  explicitBounds?: readonly number[];
}

export function measured(
  { bucketCounts, explicitBounds = [10, 100], ...value }: Measured,
  when: When,
): HistogramDataPoint {
  return {
    ...value,
    ...common(when),
    bucketCounts: packInts(bucketCounts),
    explicitBounds: packDoubles(explicitBounds),
  };
}

/** Numbers, for comparison. */
export function bucketsOf({ bucketCounts = new Uint8Array() }: HistogramDataPoint): number[] {
  return unpackInts(bucketCounts).map(Number);
}

export function sumOf(temporality: number, ...dataPoints: NumberDataPoint[]): Metric {
  return { name: 'x', sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints } };
}

export function histogramOf(temporality: number, ...dataPoints: HistogramDataPoint[]): Metric {
  return { name: 'x', histogram: { aggregationTemporality: temporality, dataPoints } };
}

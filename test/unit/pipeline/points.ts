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

/** With the bounds 10 and 100 unless told. */
export function measured(
  value: Partial<HistogramDataPoint> & Pick<HistogramDataPoint, 'bucketCounts'>,
  when: When,
): HistogramDataPoint {
  return { explicitBounds: [10, 100], ...value, ...common(when) };
}

export function sumOf(temporality: number, ...dataPoints: NumberDataPoint[]): Metric {
  return { name: 'x', sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints } };
}

export function histogramOf(temporality: number, ...dataPoints: HistogramDataPoint[]): Metric {
  return { name: 'x', histogram: { aggregationTemporality: temporality, dataPoints } };
}

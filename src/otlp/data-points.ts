import type { Metric } from './types.ts';

/** The points of a metric, whichever kind of data it has. */
export function dataPointsOf({ gauge, sum, histogram, exponentialHistogram, summary }: Metric) {
  return (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints ?? [];
}

import { Long } from './long.ts';
import type { Metric } from './types.ts';

/** The points of a metric, whichever kind of data it has. */
export function dataPointsOf({ gauge, sum, histogram, exponentialHistogram, summary }: Metric) {
  return (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints ?? [];
}

/** When the last of the metrics' points was measured, Unix ns; 0 where none tells. */
export function lastTimeOf(metrics: readonly Metric[]): Long {
  let last: Long = Long.UZERO;
  for (const metric of metrics) {
    for (const { timeUnixNano = 0 } of dataPointsOf(metric)) {
      const time = Long.fromValue(timeUnixNano);
      if (last.lessThan(time)) last = time;
    }
  }
  return last;
}

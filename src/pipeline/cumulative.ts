import { attributeKey } from '../otlp/attributes.ts';
import type { Int64 } from '../otlp/int64.ts';
import type { Long } from '../otlp/long.ts';
import type { InstrumentationScope, KeyValue, Metric } from '../otlp/types.ts';
import { CumulativeSeries } from './cumulative-series.ts';
import { exponentialValues } from './exponential-values.ts';
import { reduceToLabels } from './labels.ts';
import { MetricClock } from './metric-clock.ts';
import { histogramValues, numberValues } from './point-values.ts';

/**
 * The CLI's metrics of one run as Prometheus wants them (facts/backends.md §2.1, §4): running totals, a 0
 * first, no ids among the labels, no unit `1`. A series is a metric, its scope and its labels: whatever
 * session or process of the run counted, `service.instance.id` of the resource stands for all of them.
 */
export class CumulativeMetrics {
  readonly #sums = new CumulativeSeries(numberValues);
  readonly #histograms = new CumulativeSeries(histogramValues);
  readonly #exponentialHistograms = new CumulativeSeries(exponentialValues);
  readonly #clock = new MetricClock();

  /**
   * For metrics that are told together.
   * @param measured when, Unix ns
   * @returns what changes each of them, in place. The attributes are to be complete yet: they tell apart native series that have the
   * same labels.
   */
  at(measured: Long): (metric: Metric, scope?: InstrumentationScope) => void {
    const time = this.#clock.next(measured);
    return (metric, scope) => this.#convert(metric, scope, time);
  }

  #convert(metric: Metric, scope: InstrumentationScope | undefined, time: Long): void {
    // A backend makes `_ratio` of it.
    if (metric.unit === '1') delete metric.unit;
    const { name, gauge, sum, histogram, exponentialHistogram, summary } = metric;
    const instrument = JSON.stringify([
      name,
      scope?.name,
      scope?.version,
      attributeKey(scope?.attributes ?? []),
    ]);
    if (sum) this.#sums.convert(sum, instrument, sum.isMonotonic === true, time);
    if (histogram) this.#histograms.convert(histogram, instrument, true, time);
    if (exponentialHistogram)
      this.#exponentialHistograms.convert(exponentialHistogram, instrument, true, time);
    if (gauge) gauge.dataPoints = lastOfEach(gauge.dataPoints, time);
    if (summary) summary.dataPoints = lastOfEach(summary.dataPoints, time);
  }
}

/** Values of a moment are not added up: of those with the same labels the last one stands. */
function lastOfEach<P extends { attributes: KeyValue[]; timeUnixNano?: Int64 }>(
  points: readonly P[],
  time: Long,
): P[] {
  const last = new Map<string, P>();
  for (const point of points) {
    reduceToLabels(point.attributes);
    point.timeUnixNano = time;
    last.set(attributeKey(point.attributes), point);
  }
  return [...last.values()];
}

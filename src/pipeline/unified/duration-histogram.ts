import type { HistogramDataPoint, Metric } from '../../otlp/types.ts';
import { histogramValues } from '../point-values.ts';
import type { Example } from './exemplars.ts';
import { type Labels, type PointTimes, SeriesTable } from './series.ts';

/**
 * Seconds. Those that the GenAI conventions advise for `gen_ai.client.operation.duration`, and two more: agents let a model
 * think, and their tools build and test.
 */
const bounds: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
];

/** How long things took. */
export class DurationHistogram {
  readonly #name: string;
  readonly #description: string;
  readonly #series = new SeriesTable<ReturnType<typeof measured>>();

  constructor(name: string, description: string) {
    this.#name = name;
    this.#description = description;
  }

  record(labels: Labels, seconds: number, example: Example | null): void {
    const one = measured(seconds);
    this.#series.change(labels, (known) => (known ? histogramValues.add(known, one) : one));
    this.#series.exemplify(labels, example);
  }

  take(isAll: boolean, times: PointTimes): Metric {
    const dataPoints: HistogramDataPoint[] = this.#series.take(isAll, times, (base, value) => ({
      ...base,
      ...value,
    }));
    const histogram = { dataPoints, aggregationTemporality: 2 };
    return { name: this.#name, description: this.#description, unit: 's', histogram };
  }
}

/** One measurement. A bound belongs to the bucket below it (opentelemetry-proto, metrics.proto). */
function measured(seconds: number): ReturnType<typeof histogramValues.read> {
  const bucket = bounds.filter((bound) => bound < seconds).length;
  const bucketCounts = [...bounds, Number.POSITIVE_INFINITY].map((_, i) => (i === bucket ? 1 : 0));
  return { count: 1, sum: seconds, min: seconds, max: seconds, bucketCounts, explicitBounds: [...bounds] };
}

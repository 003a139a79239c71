import type { Long } from '../../otlp/long.ts';
import { packDoubles, packInts } from '../../otlp/packed-numbers.ts';
import type { HistogramDataPoint, Metric } from '../../otlp/types.ts';
import type { Example } from './exemplars.ts';
import { type Labels, SeriesTable } from './series.ts';

/**
 * Seconds. Those that the GenAI conventions advise for `gen_ai.client.operation.duration`, and two more: agents let a model
 * think, and their tools build and test.
 */
const bounds: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
];

const packedBounds = packDoubles(bounds);

/** Measurements put together; seconds. */
interface Durations {
  count: number;
  sum: number;
  min: number;
  max: number;
  bucketCounts: number[];
}

const none: Readonly<Durations> = {
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
  bucketCounts: [...bounds, Number.POSITIVE_INFINITY].map(() => 0),
};

/** How long things took. */
export class DurationHistogram {
  readonly #name: string;
  readonly #description: string;
  readonly #series = new SeriesTable<Durations>();

  constructor(name: string, description: string) {
    this.#name = name;
    this.#description = description;
  }

  record(labels: Labels, seconds: number, example: Example | null): void {
    this.#series.change(labels, (known = none) => withOne(known, seconds));
    this.#series.exemplify(labels, example);
  }

  take(isAll: boolean, startTimeUnixNano: Long): Metric {
    const dataPoints: HistogramDataPoint[] = this.#series.take(isAll, startTimeUnixNano, (base, value) => ({
      ...base,
      ...value,
      bucketCounts: packInts(value.bucketCounts),
      explicitBounds: packedBounds,
    }));
    const histogram = { dataPoints, aggregationTemporality: 2 };
    return { name: this.#name, description: this.#description, unit: 's', histogram };
  }
}

/** And one more. A bound belongs to the bucket below it (opentelemetry-proto, metrics.proto). */
function withOne({ count, sum, min, max, bucketCounts }: Durations, seconds: number): Durations {
  const bucket = bounds.filter((bound) => bound < seconds).length;
  return {
    count: count + 1,
    sum: sum + seconds,
    min: Math.min(min, seconds),
    max: Math.max(max, seconds),
    bucketCounts: bucketCounts.with(bucket, (bucketCounts[bucket] ?? 0) + 1),
  };
}

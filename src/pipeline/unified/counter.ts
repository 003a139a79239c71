import type { Long } from '../../otlp/long.ts';
import type { Metric } from '../../otlp/types.ts';
import type { Example } from './exemplars.ts';
import { type Labels, SeriesTable } from './series.ts';

/** What a counter is called; `unit` is one of UCUM that Prometheus makes a good name of (facts/backends.md §4). */
export interface CounterText {
  name: string;
  description: string;
  unit?: string;
  /** Are its values integers or doubles? */
  kind: 'asInt' | 'asDouble';
}

/** A sum that only grows. */
export class Counter {
  readonly #text: CounterText;
  readonly #series = new SeriesTable<number>();

  constructor(text: CounterText) {
    this.#text = text;
  }

  add(labels: Labels, example: Example | null): void {
    this.#series.change(labels, (known = 0) => known + 1);
    this.#series.exemplify(labels, example);
  }

  /** Nothing yet is no series, and a total that is less than before leaves it where it was. */
  raise(labels: Labels, total: number): void {
    if (total > 0) this.#series.change(labels, (known = 0) => Math.max(known, total));
  }

  exemplify(labels: Labels, example: Example | null): void {
    this.#series.exemplify(labels, example);
  }

  take(isAll: boolean, startTimeUnixNano: Long): Metric {
    const { kind, ...text } = this.#text;
    const dataPoints = this.#series.take(isAll, startTimeUnixNano, (base, value) => ({
      ...base,
      [kind]: value,
    }));
    return { ...text, sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } };
  }
}

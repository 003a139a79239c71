import { setAttribute } from '../../otlp/attributes.ts';
import type { Long } from '../../otlp/long.ts';
import type { Exemplar, KeyValue } from '../../otlp/types.ts';
import type { Example } from './exemplars.ts';

/** Labels by name, always in the same order; one without a value is left out. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** What every kind of point has; when it is told stands there once it is made a running total. */
interface PointBase {
  /** Unix ns */
  startTimeUnixNano: Long;
  attributes: KeyValue[];
  exemplars: Exemplar[];
}

interface Series<V> {
  labels: Labels;
  value: V;
  /** Not told yet. */
  examples: Example[];
  isTold: boolean;
}

/** A store keeps few of them. */
const exemplarsPerPoint = 5;

/** The running totals of one metric by labels, and which of them are news. */
export class SeriesTable<V> {
  readonly #series = new Map<string, Series<V>>();

  /** @param next the new total; the same one is no news */
  change(labels: Labels, next: (known: V | undefined) => V): void {
    const key = JSON.stringify(labels);
    const known = this.#series.get(key);
    const value = next(known?.value);
    if (!known) this.#series.set(key, { labels, value, examples: [], isTold: false });
    else if (value !== known.value) Object.assign(known, { value, isTold: false });
  }

  /** An example of what was counted; the latest ones go along when the series is told next. */
  exemplify(labels: Labels, example: Example | null): void {
    const series = this.#series.get(JSON.stringify(labels));
    if (series && example) series.examples = [...series.examples, example].slice(-exemplarsPerPoint);
  }

  /** The news, or all there is; with that it is told. */
  take<P>(isAll: boolean, startTimeUnixNano: Long, pointOf: (base: PointBase, value: V) => P): P[] {
    const taken = [...this.#series.values()].filter(({ isTold }) => isAll || !isTold);
    return taken.map((series) => {
      const { labels, value } = series;
      const exemplars = series.examples.map((make) => make());
      series.isTold = true;
      series.examples = [];
      return pointOf({ attributes: attributesOf(labels), exemplars, startTimeUnixNano }, value);
    });
  }
}

function attributesOf(labels: Labels): KeyValue[] {
  const attributes: KeyValue[] = [];
  for (const [key, value] of Object.entries(labels)) if (value) setAttribute(attributes, key, value);
  return attributes;
}

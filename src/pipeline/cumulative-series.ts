import { attributeKey } from '../otlp/attributes.ts';
import type { Int64 } from '../otlp/int64.ts';
import { Long } from '../otlp/long.ts';
import type { Exemplar, KeyValue } from '../otlp/types.ts';
import { reduceToLabels } from './labels.ts';
import { nanosPerMs } from './metric-clock.ts';
import type { PointValues } from './point-values.ts';

interface Point {
  attributes: KeyValue[];
  startTimeUnixNano?: Int64;
  timeUnixNano?: Int64;
  flags?: number;
  exemplars: Exemplar[];
}

/** One kind of data of one metric, as it came. */
interface Data<P> {
  dataPoints: P[];
  /** 1 delta, 2 cumulative. */
  aggregationTemporality?: number;
}

interface Series<V> {
  /** Unix ns; stays the same as long as the series lasts. */
  start: Long;
  /** Of the last point, Unix ns. */
  time: Long;
  /** Nothing of it was written yet. */
  isNew: boolean;
  /**
   * What the series consists of. Points of several native series may fall together once their identities are
   * off: each cumulative one is a part, and all deltas together are one.
   */
  parts: Map<string, V>;
}

/** Key of the part that the deltas add up to; a cumulative series has a longer one. */
const deltas = '';
/** DataPointFlags FLAG_NO_RECORDED_VALUE: the series has ended, the value means nothing. */
const noRecordedValue = 1;

/**
 * The running totals of all series with one kind of points.
 * Temporality, resets and start times: opentelemetry-specification, metrics/data-model.md.
 */
export class CumulativeSeries<P extends Point, V extends object> {
  readonly #values: PointValues<P, V>;
  readonly #series = new Map<string, Series<V>>();

  constructor(values: PointValues<P, V>) {
    this.#values = values;
  }

  /**
   * Makes the points cumulative, in place: one point per series, and before the first one of a series a point
   * of 0, without which `increase()` misses the first value.
   * @param instrument tells the metric from all others of the run.
   * @param hasZero false for a sum that may fall: its first value is no increase.
   * @param time of all of them, of a `MetricClock`. Unix ns
   */
  convert(data: Data<P>, instrument: string, hasZero: boolean, time: Long): void {
    const isDelta = data.aggregationTemporality === 1;
    const groups = new Map<string, P[]>();
    for (const point of data.dataPoints) {
      if (((point.flags ?? 0) & noRecordedValue) !== 0) continue;
      const part = isDelta ? deltas : partOf(point);
      reduceToLabels(point.attributes);
      const key = instrument + attributeKey(point.attributes);
      this.#take(key, part, point, time);
      const group = groups.get(key);
      if (group) group.push(point);
      else groups.set(key, [point]);
    }
    data.dataPoints = [...groups].flatMap(([key, points]) => this.#write(key, points, hasZero, time));
    data.aggregationTemporality = 2;
  }

  #take(key: string, part: string, point: P, time: Long): void {
    const value = this.#values.read(point);
    const known = this.#series.get(key);
    const fits = known && [...known.parts.values()].every((other) => this.#values.fit(other, value));
    const series = fits ? known : begin<V>(point, time, known);
    this.#series.set(key, series);
    const before = part === deltas ? series.parts.get(part) : undefined;
    series.parts.set(part, before ? this.#values.add(before, value) : this.#values.kept(value));
    series.time = time;
  }

  /** The points of one series as one, which carries all their exemplars. */
  #write(key: string, points: readonly P[], hasZero: boolean, time: Long): P[] {
    const series = this.#series.get(key);
    const point = points.at(-1);
    if (!series || !point) return [];
    const total = [...series.parts.values()].reduce((a, b) => this.#values.add(a, b));
    point.startTimeUnixNano = series.start;
    point.exemplars = points.flatMap(({ exemplars }) => exemplars);
    point.timeUnixNano = time;
    this.#replace(point, total);
    const isFirst = series.isNew;
    series.isNew = false;
    if (!isFirst || !hasZero) return [point];
    const zero = { ...point, timeUnixNano: zeroTime(time), exemplars: [] };
    this.#replace(zero, this.#values.zero(total));
    return [zero, point];
  }

  /** In place, so that fields which the schema does not know stay with the point. */
  #replace(point: P, value: V): void {
    // V8 handles an object that has lost a property several times as slowly from then on.
    for (const member of this.#values.members) {
      if (!(member in value) && member in point) Reflect.deleteProperty(point, member);
    }
    Object.assign(point, value);
  }
}

function begin<V>({ startTimeUnixNano = 0 }: Point, time: Long, replaced: Series<V> | undefined): Series<V> {
  const zero = zeroTime(time);
  // 0 is how OTLP says "not known".
  const told = Long.fromValue(startTimeUnixNano);
  const known = told.isZero() ? zero : told;
  const start = replaced ? later(known, replaced.time) : known;
  return { start: start.lessThan(zero) ? start : zero, time, isNew: true, parts: new Map() };
}

/** Before the first point at `time`, and not before what was told last. */
function zeroTime(time: Long): Long {
  return time.subtract(nanosPerMs);
}

/** The identity of a native cumulative series; after a reset it has another start time. */
function partOf({ attributes, startTimeUnixNano = 0 }: Point): string {
  return `${startTimeUnixNano} ${attributeKey(attributes)}`;
}

function later(a: Long, b: Long): Long {
  return a.lessThan(b) ? b : a;
}

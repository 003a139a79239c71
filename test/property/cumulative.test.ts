import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastTimeOf } from '../../src/otlp/data-points.ts';
import type { Metric } from '../../src/otlp/types.ts';
import { CumulativeMetrics } from '../../src/pipeline/cumulative.ts';
import { pointsOf } from '../support/metric-points.ts';
import { bucketsOf, cumulative, delta, measured, number } from '../unit/pipeline/points.ts';

/** What was counted in one interval, by whom: sessions are no labels, models are. */
const anyCount = fc.record({
  session: fc.constantFrom('a', 'b', 'c'),
  model: fc.constantFrom('m', 'n'),
  value: fc.nat(1000),
});
/** The counts of each export, in the order of the exports; one per session and model and export. */
const anyExports = fc.array(
  fc.uniqueArray(anyCount, { selector: ({ session, model }) => `${session} ${model}`, maxLength: 6 }),
  { maxLength: 12 },
);
type Count = (typeof anyExports extends fc.Arbitrary<infer T> ? T : never)[number][number];

const bounds = [10, 100];

function pointOf({ session, model, value }: Count, at: number, start: number, kind: 'sum' | 'histogram') {
  const when = { start, at, labels: { 'session.id': session, model } };
  if (kind === 'sum') return number({ asInt: value }, when);
  const bucket = bounds.filter((bound) => value > bound).length;
  const bucketCounts = [0, 1, 2].map((i) => (i === bucket ? 1 : 0));
  return measured({ count: 1, sum: value, bucketCounts, explicitBounds: bounds }, when);
}

function metricOf(kind: 'sum' | 'histogram', temporality: number, dataPoints: never[]): Metric {
  const data = { aggregationTemporality: temporality, isMonotonic: true, dataPoints };
  return { name: 'x', [kind]: data };
}

function convertAll(metrics: Metric[]): Metric[] {
  const state = new CumulativeMetrics();
  for (const metric of metrics) state.at(lastTimeOf([metric]))(metric);
  return metrics;
}

/** By model: a 0, then every running sum, in order; times rise, the start stays. */
function checkSeries(metrics: readonly Metric[], exports: readonly Count[][]) {
  const points = metrics.flatMap((metric) => pointsOf(metric));
  for (const model of ['m', 'n']) {
    const series = points.filter((point) => point.series.includes(`\\"${model}\\"`));
    let total = 0;
    const totals = exports.flatMap((counts) => {
      const own = counts.filter((count) => count.model === model);
      total += own.reduce((sum, { value }) => sum + value, 0);
      return own.length > 0 ? [total] : [];
    });
    expect(series.map(({ value }) => value)).toEqual(totals.length > 0 ? [0, ...totals] : []);
    expect(new Set(series.map(({ start }) => start)).size).toBeLessThanOrEqual(1);
    for (const [i, { time, start }] of series.entries()) {
      expect(time).toBeGreaterThan(series[i - 1]?.time ?? 0);
      expect(time).toBeGreaterThanOrEqual(start);
    }
  }
}

test.each(['sum', 'histogram'] as const)('deltas of any %s end as their total, export by export', (kind) => {
  fc.assert(
    fc.property(anyExports, (exports) => {
      const metrics = exports.map((counts, i) => {
        const at = 2000 + i * 1000;
        const points = counts.map((count) => pointOf(count, at, at - 1000, kind));
        return metricOf(kind, delta, points as never[]);
      });
      checkSeries(convertAll(metrics), exports);
      const counted = metrics.flatMap((metric) => metric.histogram?.dataPoints ?? []);
      for (const point of counted) {
        expect(bucketsOf(point).reduce((sum, n) => sum + n, 0)).toBe(Number(point.count));
      }
    }),
  );
});

test('cumulative series say the same as the deltas they are made of', () => {
  fc.assert(
    fc.property(anyExports, (exports) => {
      const totals = new Map<string, number>();
      const metrics = exports.map((counts, i) => {
        const points = counts.map((count) => {
          const key = `${count.session} ${count.model}`;
          const value = (totals.get(key) ?? 0) + count.value;
          totals.set(key, value);
          return pointOf({ ...count, value }, 2000 + i * 1000, 1000, 'sum');
        });
        return metricOf('sum', cumulative, points as never[]);
      });
      checkSeries(convertAll(metrics), exports);
    }),
  );
});

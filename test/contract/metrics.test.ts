import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { ExportMetricsServiceRequest } from '../../src/otlp/types.ts';
import { providers } from '../../src/providers/index.ts';
import { pointsIn, type SeriesPoint } from '../support/metric-points.ts';
import { readRecording, replay } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const ids = ['session.id', 'user.id', 'installation.id', 'ai_trace.run.id', 'cpu_usage_user', 'lines'];

const recordings = Object.entries(providers).flatMap(([id, provider]) =>
  readdirSync(`${captures}/${id}`).map((name) => ({ provider, dir: `${captures}/${id}/${name}`, name })),
);

describe.each(recordings)('$provider.id $name', ({ provider, dir }) => {
  const replayed = replay(provider, dir).then(({ sent }) =>
    sent.flatMap(({ request }) => ('resourceMetrics' in request ? [request] : [])),
  );

  test('the metrics are running totals without ids', async () => {
    const forwarded = (await replayed).map((request) => decoded(encodeProtobuf('metrics', request)));
    const points = forwarded.flatMap(pointsIn);
    expect(points.length).toBeGreaterThan(0);
    for (const { temporality, labels } of points) {
      expect(temporality).toBe(2);
      expect(labels.filter((label) => ids.includes(label))).toEqual([]);
    }
    for (const series of groupBy(points, (point) => point.series).values()) {
      expect(series[0]).toMatchObject({ value: 0 });
      for (const [i, point] of series.entries()) {
        const before = series[i - 1];
        expect(point.start).toBe(before?.start ?? point.start);
        expect(point.time).toBeGreaterThan(before?.time ?? 0);
        expect(point.value).toBeGreaterThanOrEqual(before?.value ?? 0);
      }
    }
    expect(totals(points)).toEqual(nativeTotals(dir));
  });

  test('no metrics are older than those told before, or Prometheus refuses them', async () => {
    const told = (await replayed).flatMap(({ resourceMetrics }) => resourceMetrics);
    const spans = told.map((each) => {
      const times = pointsIn({ resourceMetrics: [each] }).map(({ time }) => Math.floor(time / 1e6));
      return { first: Math.min(...times), last: Math.max(...times) };
    });
    expect(spans.length).toBeGreaterThan(0);
    for (const [i, { first }] of spans.entries()) {
      expect(first).toBeGreaterThanOrEqual(spans[i - 1]?.last ?? 0);
    }
  });
});

/** By metric, what its series stand at in the end. */
function totals(points: readonly SeriesPoint[]) {
  const last = [...groupBy(points, (point) => point.series).values()].flatMap(
    (series) => series.at(-1) ?? [],
  );
  return rounded(last);
}

/** The same, reckoned from the recording: deltas are added, of each cumulative series the last value counts. */
function nativeTotals(dir: string) {
  const points = readRecording(dir)
    .filter(({ signal }) => signal === 'metrics')
    .flatMap(({ body, contentType }) => pointsIn(decoded(body, contentType)));
  const last = new Map<string, SeriesPoint>();
  for (const [i, point] of points.entries()) {
    last.set(point.temporality === 1 ? `delta ${i}` : `${point.series} ${point.start}`, point);
  }
  return rounded([...last.values()]);
}

function rounded(points: readonly SeriesPoint[]) {
  return [...groupBy(points, ({ metric }) => metric)]
    .map(([metric, own]) => ({
      metric,
      value: Number(own.reduce((sum, { value }) => sum + value, 0).toFixed(6)),
      count: own.reduce((sum, { count = 0 }) => sum + count, 0),
    }))
    .sort((a, b) => a.metric.localeCompare(b.metric));
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function decoded(body: Uint8Array, contentType = 'application/x-protobuf'): ExportMetricsServiceRequest {
  const result = decode('metrics', contentType, body);
  if (!result.ok) throw new Error(result.reason);
  return result.request;
}

import { toNumber } from '../../src/otlp/int64.ts';
import { msFromNanos } from '../../src/otlp/time.ts';
import type { Exemplar, Metric } from '../../src/otlp/types.ts';
import type { UnifiedMetrics } from '../../src/pipeline/unified/metrics.ts';
import type { Ended } from '../../src/pipeline/unified/session-span.ts';
import type { Recorder } from '../../src/session/recorder.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { plain } from '../unit/pipeline/plain.ts';

/** A point of ours as a test reads it: times in Unix ms. */
export interface ReadPoint {
  metric: string;
  labels: Record<string, unknown>;
  /** What tells its series from all others. */
  series: string;
  /** The value of a sum, the sum of a histogram (s). */
  value: number;
  /** Of a histogram. */
  count: number | null;
  at: number;
  startedAt: number;
  exemplars: Exemplar[];
}

export function readMetrics(metrics: readonly Metric[]): ReadPoint[] {
  return metrics.flatMap(({ name = '', sum, histogram }) => [
    ...(sum?.dataPoints ?? []).map((point) => ({
      ...common(name, point),
      value: point.asDouble ?? toNumber(point.asInt ?? 0),
      count: null,
    })),
    ...(histogram?.dataPoints ?? []).map((point) => ({
      ...common(name, point),
      value: point.sum ?? 0,
      count: toNumber(point.count ?? 0),
    })),
  ]);
}

function common(metric: string, point: Parameters<typeof timesOf>[0] & Pick<ReadPoint, 'exemplars'>) {
  const labels = plain(point.attributes);
  const series = JSON.stringify([metric, Object.entries(labels).sort()]);
  return { metric, labels, series, ...timesOf(point), exemplars: point.exemplars };
}

function timesOf({
  startTimeUnixNano,
  timeUnixNano,
}: Pick<
  NonNullable<Metric['sum']>['dataPoints'][number],
  'attributes' | 'startTimeUnixNano' | 'timeUnixNano'
>) {
  return { at: msFromNanos(timeUnixNano) ?? 0, startedAt: msFromNanos(startTimeUnixNano) ?? 0 };
}

/** What each series stands at after all these points, which are in order of time. */
export function lastOfEach(points: readonly ReadPoint[]): ReadPoint[] {
  return [...new Map(points.map((point) => [point.series, point])).values()];
}

/** What all series of a metric stand at together. */
export function sumOf(points: readonly ReadPoint[], metric: string): number {
  return lastOfEach(points)
    .filter((point) => point.metric === metric)
    .reduce((sum, { value }) => sum + value, 0);
}

export function countOf(points: readonly ReadPoint[], metric: string): number {
  return lastOfEach(points)
    .filter((point) => point.metric === metric)
    .reduce((sum, { count }) => sum + (count ?? 0), 0);
}

/** A run that went well. */
export function endedAt({ session }: Recorder, at: number): Ended {
  return { startedAt: 0, endedAt: at, exit: { code: 0, signal: null }, totals: totalsOf(session) };
}

/** What is told when all that has settled is counted. */
export function collect(metrics: UnifiedMetrics, now: number, settleMs = 6000): Metric[] {
  metrics.count(now, settleMs, () => true);
  return metrics.collect(now);
}

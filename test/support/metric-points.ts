import { attributeKey } from '../../src/otlp/attributes.ts';
import { type Int64, toNumber } from '../../src/otlp/int64.ts';
import type { ExportRequest, Metric } from '../../src/otlp/types.ts';

/** A point of a sum or a histogram, with what identifies its series in a store. */
export interface SeriesPoint {
  series: string;
  metric: string;
  temporality: number | undefined;
  labels: string[];
  /** Unix ns; exact enough to compare. */
  start: number;
  time: number;
  /** The value of a sum, the sum of a histogram. */
  value: number;
  /** The number of measurements of a histogram. */
  count: number | undefined;
}

/** All points of sums and histograms, as they stand in the request. */
export function pointsIn(request: ExportRequest): SeriesPoint[] {
  if (!('resourceMetrics' in request)) return [];
  return request.resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.flatMap((metric) => pointsOf(metric, scope?.name ?? '')),
    ),
  );
}

export function pointsOf(metric: Metric, scope = ''): SeriesPoint[] {
  const data = metric.sum ?? metric.histogram ?? metric.exponentialHistogram;
  return (data?.dataPoints ?? []).map((point) => ({
    series: JSON.stringify([scope, metric.name, attributeKey(point.attributes)]),
    metric: metric.name ?? '',
    temporality: data?.aggregationTemporality,
    labels: point.attributes.map(({ key = '' }) => key),
    start: number(point.startTimeUnixNano),
    time: number(point.timeUnixNano),
    value: 'count' in point || 'sum' in point ? number(point.sum) : scalarOf(point),
    count: 'count' in point ? number(point.count) : undefined,
  }));
}

function scalarOf(point: object): number {
  const { asInt, asDouble } = point as { asInt?: Int64; asDouble?: number };
  return asDouble ?? number(asInt);
}

function number(value: Int64 | undefined): number {
  return value === undefined ? 0 : toNumber(value);
}

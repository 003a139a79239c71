import { dataPointsOf } from './data-points.ts';
import type { ExportRequests, Signal } from './types.ts';

type Counters = { readonly [S in Signal]: (request: ExportRequests[S]) => number };

const counters: Counters = {
  logs: ({ resourceLogs }) => sum(resourceLogs, (r) => sum(r.scopeLogs, (s) => s.logRecords.length)),
  traces: ({ resourceSpans }) => sum(resourceSpans, (r) => sum(r.scopeSpans, (s) => s.spans.length)),
  metrics: ({ resourceMetrics }) =>
    sum(resourceMetrics, (r) => sum(r.scopeMetrics, (s) => sum(s.metrics, (m) => dataPointsOf(m).length))),
};

/** How many log records, spans or metric data points a request holds. */
export function countRecords<S extends Signal>(signal: S, request: ExportRequests[S]): number {
  return counters[signal](request);
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}

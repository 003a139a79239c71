import { dataPointsOf } from '../../../../src/otlp/data-points.ts';
import type { ExportRequest } from '../../../../src/otlp/types.ts';
import { comparable } from '../../otlp/comparable.ts';

/** Each log record, span or data point, in order, with all that is around it, as plain data. */
export function contextsOf(request: ExportRequest): unknown[] {
  if ('resourceLogs' in request) {
    return request.resourceLogs.flatMap(({ scopeLogs, ...resource }) =>
      scopeLogs.flatMap(({ logRecords, ...scope }) =>
        logRecords.map((record) => comparable({ resource, scope, record })),
      ),
    );
  }
  if ('resourceSpans' in request) {
    return request.resourceSpans.flatMap(({ scopeSpans, ...resource }) =>
      scopeSpans.flatMap(({ spans, ...scope }) =>
        spans.map((record) => comparable({ resource, scope, record })),
      ),
    );
  }
  return request.resourceMetrics.flatMap(({ scopeMetrics, ...resource }) =>
    scopeMetrics.flatMap(({ metrics, ...scope }) =>
      metrics.flatMap((metric) =>
        [...dataPointsOf(metric)].map((record) =>
          comparable({ resource, scope, metric: withoutPoints(metric), record }),
        ),
      ),
    ),
  );
}

function withoutPoints(metric: object): object {
  const members = Object.entries(metric).map(([key, value]) => [
    key,
    typeof value === 'object' && 'dataPoints' in value ? { ...value, dataPoints: [] } : value,
  ]);
  return Object.fromEntries(members);
}

import { dataPointsOf } from '../../../../src/otlp/data-points.ts';
import type { ExportRequest, Signal } from '../../../../src/otlp/types.ts';

/** A request with one record of each name. */
export function named(signal: Signal, names: readonly string[]): ExportRequest {
  switch (signal) {
    case 'logs':
      return {
        resourceLogs: [
          { scopeLogs: [{ logRecords: names.map((eventName) => ({ eventName, attributes: [] })) }] },
        ],
      };
    case 'traces':
      return {
        resourceSpans: [
          { scopeSpans: [{ spans: names.map((name) => ({ name, attributes: [], events: [], links: [] })) }] },
        ],
      };
    case 'metrics': {
      const dataPoints = names.map((stringValue) => ({
        asDouble: 1,
        exemplars: [],
        attributes: [{ key: 'name', value: { stringValue } }],
      }));
      return {
        resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'metric', gauge: { dataPoints } }] }] }],
      };
    }
  }
}

/** The names of the records, in order. */
export function namesOf(request: ExportRequest): string[] {
  return recordsOf(request).map((record) => {
    if ('eventName' in record) return record.eventName ?? '';
    if ('events' in record) return record.name ?? '';
    return record.attributes[0]?.value?.stringValue ?? '';
  });
}

/** Log records, spans or data points, in order. */
function recordsOf(request: ExportRequest) {
  if ('resourceLogs' in request)
    return request.resourceLogs.flatMap((r) => r.scopeLogs.flatMap((s) => s.logRecords));
  if ('resourceSpans' in request)
    return request.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans));
  return request.resourceMetrics.flatMap((r) =>
    r.scopeMetrics.flatMap((s) => s.metrics.flatMap((metric) => [...dataPointsOf(metric)])),
  );
}

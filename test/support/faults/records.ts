import { dataPointsOf } from '../../../src/otlp/data-points.ts';
import type { ExportRequest, KeyValue } from '../../../src/otlp/types.ts';

type DataPoint = ReturnType<typeof dataPointsOf>[number];

export function hasAttribute(request: ExportRequest, key: string): boolean {
  return attributesIn(request).some((attributes) => attributes.some((attribute) => attribute.key === key));
}

/** The texts that an attribute has, of all records. */
export function textsOf(request: ExportRequest, key: string): string[] {
  return attributesIn(request).flatMap((attributes) =>
    attributes.flatMap((attribute) => (attribute.key === key ? [attribute.value?.stringValue ?? ''] : [])),
  );
}

/** The attributes of each log record, span or data point. */
function attributesIn(request: ExportRequest): KeyValue[][] {
  if ('resourceLogs' in request) {
    const scopes = request.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs);
    return scopes.flatMap(({ logRecords }) => logRecords.map(({ attributes }) => attributes));
  }
  if ('resourceSpans' in request) {
    const scopes = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
    return scopes.flatMap(({ spans }) => spans.map(({ attributes }) => attributes));
  }
  const scopes = request.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
  const points = scopes.flatMap(({ metrics }) => metrics.flatMap<DataPoint>(dataPointsOf));
  return points.map(({ attributes }) => attributes);
}

import type { ExportRequest, KeyValue } from '../../src/otlp/types.ts';

/** A log record, a span or a metric (which has none of its own attributes), with those of its resource. */
export interface OtlpRecord {
  kind: 'log' | 'span' | 'metric';
  resource: readonly KeyValue[];
  attributes: readonly KeyValue[];
}

export function recordsIn(request: ExportRequest): OtlpRecord[] {
  if ('resourceLogs' in request) {
    return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
      scopeLogs
        .flatMap(({ logRecords }) => logRecords)
        .map(({ attributes }) => ({ kind: 'log', resource: resource?.attributes ?? [], attributes })),
    );
  }
  if ('resourceSpans' in request) {
    return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans
        .flatMap(({ spans }) => spans)
        .map(({ attributes }) => ({ kind: 'span', resource: resource?.attributes ?? [], attributes })),
    );
  }
  return request.resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map(() => ({ kind: 'metric', resource: resource?.attributes ?? [], attributes: [] })),
  );
}

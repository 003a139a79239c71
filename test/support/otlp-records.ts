import type { ExportRequest, InstrumentationScope, KeyValue, Resource } from '../../src/otlp/types.ts';

/** A log record, a span or a metric (which has none of its own attributes), with those of its resource and the name of its scope. */
export interface OtlpRecord {
  kind: 'log' | 'span' | 'metric';
  resource: readonly KeyValue[];
  scope: string;
  attributes: readonly KeyValue[];
}

export function recordsIn(request: ExportRequest): OtlpRecord[] {
  if ('resourceLogs' in request) {
    return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
      scopeLogs.flatMap(({ scope, logRecords }) =>
        logRecords.map(({ attributes }) => record('log', resource, scope, attributes)),
      ),
    );
  }
  if ('resourceSpans' in request) {
    return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map(({ attributes }) => record('span', resource, scope, attributes)),
      ),
    );
  }
  return request.resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ scope, metrics }) => metrics.map(() => record('metric', resource, scope, []))),
  );
}

function record(
  kind: OtlpRecord['kind'],
  resource: Resource | undefined,
  scope: InstrumentationScope | undefined,
  attributes: readonly KeyValue[],
): OtlpRecord {
  return { kind, resource: resource?.attributes ?? [], scope: scope?.name ?? '', attributes };
}

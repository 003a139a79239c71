import { hex } from '../../../src/otlp/hex.ts';
import type { KeyValue, LogRecord, Metric, Span } from '../../../src/otlp/types.ts';
import type { Exported } from './otelcol.ts';

/** One record with what stands around it; ids in hex, empty where there is none. */
export interface Seen {
  resource: readonly KeyValue[];
  /** Name of the instrumentation scope. */
  scope: string;
}

export interface SeenSpan
  extends Seen,
    Pick<Span, 'name' | 'startTimeUnixNano' | 'endTimeUnixNano' | 'status' | 'attributes' | 'links'> {
  traceId: string;
  spanId: string;
  parentId: string;
}

export interface SeenLog
  extends Seen,
    Pick<LogRecord, 'timeUnixNano' | 'observedTimeUnixNano' | 'severityNumber' | 'attributes' | 'eventName'> {
  traceId: string;
  spanId: string;
}

export interface SeenMetric extends Seen {
  metric: Metric;
}

export function spansIn(exported: readonly Exported[]): SeenSpan[] {
  return exported.flatMap(({ request }) => {
    if (!('resourceSpans' in request)) return [];
    return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({
          ...span,
          resource: resource?.attributes ?? [],
          scope: scope?.name ?? '',
          traceId: id(span.traceId),
          spanId: id(span.spanId),
          parentId: id(span.parentSpanId),
        })),
      ),
    );
  });
}

export function logsIn(exported: readonly Exported[]): SeenLog[] {
  return exported.flatMap(({ request }) => {
    if (!('resourceLogs' in request)) return [];
    return request.resourceLogs.flatMap(({ resource, scopeLogs }) =>
      scopeLogs.flatMap(({ scope, logRecords }) =>
        logRecords.map((record) => ({
          ...record,
          resource: resource?.attributes ?? [],
          scope: scope?.name ?? '',
          traceId: id(record.traceId),
          spanId: id(record.spanId),
        })),
      ),
    );
  });
}

export function metricsIn(exported: readonly Exported[]): SeenMetric[] {
  return exported.flatMap(({ request }) => {
    if (!('resourceMetrics' in request)) return [];
    return request.resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
      scopeMetrics.flatMap(({ scope, metrics }) =>
        metrics.map((metric) => ({
          metric,
          resource: resource?.attributes ?? [],
          scope: scope?.name ?? '',
        })),
      ),
    );
  });
}

function id(bytes: Uint8Array | undefined): string {
  return bytes ? hex(bytes) : '';
}

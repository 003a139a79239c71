import { dataPointsOf } from '../otlp/data-points.ts';
import type { AnyValue, ExportRequest, KeyValue, LogRecord, Metric, Span } from '../otlp/types.ts';

type Rewrite = (text: string) => string;

/**
 * Rewrites in place every text of a request that a person, a model or a tool may have had a hand in: the
 * values of all attributes, bodies, statuses, and the names of events and spans. Bytes cannot be read, so
 * they are taken out.
 */
export function rewriteTexts(request: ExportRequest, rewrite: Rewrite): void {
  if ('resourceLogs' in request) {
    for (const { resource, scopeLogs } of request.resourceLogs) {
      rewriteAttributes(resource?.attributes, rewrite);
      for (const { scope, logRecords } of scopeLogs) {
        rewriteAttributes(scope?.attributes, rewrite);
        for (const record of logRecords) rewriteLog(record, rewrite);
      }
    }
  } else if ('resourceSpans' in request) {
    for (const { resource, scopeSpans } of request.resourceSpans) {
      rewriteAttributes(resource?.attributes, rewrite);
      for (const { scope, spans } of scopeSpans) {
        rewriteAttributes(scope?.attributes, rewrite);
        for (const span of spans) rewriteSpan(span, rewrite);
      }
    }
  } else {
    for (const { resource, scopeMetrics } of request.resourceMetrics) {
      rewriteAttributes(resource?.attributes, rewrite);
      for (const { scope, metrics } of scopeMetrics) {
        rewriteAttributes(scope?.attributes, rewrite);
        for (const metric of metrics) rewriteMetric(metric, rewrite);
      }
    }
  }
}

function rewriteLog(record: LogRecord, rewrite: Rewrite): void {
  rewriteAttributes(record.attributes, rewrite);
  if (record.body) record.body = rewritten(record.body, rewrite);
  if (record.eventName !== undefined) record.eventName = rewrite(record.eventName);
}

function rewriteSpan(span: Span, rewrite: Rewrite): void {
  rewriteAttributes(span.attributes, rewrite);
  if (span.name !== undefined) span.name = rewrite(span.name);
  if (span.status?.message !== undefined) span.status.message = rewrite(span.status.message);
  for (const link of span.links) rewriteAttributes(link.attributes, rewrite);
  for (const event of span.events) {
    rewriteAttributes(event.attributes, rewrite);
    if (event.name !== undefined) event.name = rewrite(event.name);
  }
}

function rewriteMetric(metric: Metric, rewrite: Rewrite): void {
  for (const point of dataPointsOf(metric)) {
    rewriteAttributes(point.attributes, rewrite);
    if ('exemplars' in point)
      for (const { filteredAttributes } of point.exemplars) rewriteAttributes(filteredAttributes, rewrite);
  }
}

/** An attribute may stand in other records as well: another one takes its place. */
function rewriteAttributes(attributes: KeyValue[] = [], rewrite: Rewrite): void {
  for (const [i, attribute] of attributes.entries()) {
    if (attribute.value === undefined) continue;
    const value = rewritten(attribute.value, rewrite);
    if (value !== attribute.value) attributes[i] = { ...attribute, value };
  }
}

/** The value itself where its text stays as it is; lists and maps, which stand in one record only, are rewritten in place. */
function rewritten(value: AnyValue, rewrite: Rewrite): AnyValue {
  const { stringValue, arrayValue, kvlistValue, bytesValue } = value;
  if (bytesValue !== undefined) return {};
  if (arrayValue) arrayValue.values = arrayValue.values.map((part) => rewritten(part, rewrite));
  rewriteAttributes(kvlistValue?.values, rewrite);
  if (stringValue === undefined) return value;
  const text = rewrite(stringValue);
  return text === stringValue ? value : { stringValue: text };
}

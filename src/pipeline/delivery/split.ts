import { countRecords } from '../../otlp/count.ts';
import { dataPointsOf } from '../../otlp/data-points.ts';
import { decodeProtobuf, encodeProtobuf } from '../../otlp/protobuf.ts';
import type { ExportRequest, ExportRequests, LogRecord, Metric, Signal, Span } from '../../otlp/types.ts';

/** How a message is cut at its records. */
interface Cut<T> {
  /** Records in it. */
  count(message: T): number;
  /** Two messages like it: one with its first `records` records, one with the others. */
  divide(message: T, records: number): [T, T];
}

const cuts: { readonly [S in Signal]: Cut<ExportRequests[S]> } = {
  logs: list('resourceLogs', list('scopeLogs', list('logRecords', one<LogRecord>()))),
  traces: list('resourceSpans', list('scopeSpans', list('spans', one<Span>()))),
  metrics: list('resourceMetrics', list('scopeMetrics', list('metrics', ofMetric()))),
};

/**
 * Two requests with half the records each, in their order: log records, spans, data points. What is around
 * them (resource, scope, metric, fields newer than the schema) is in both. The request itself stays as it is.
 * null when it has one record or none.
 */
export function halve<S extends Signal>(
  signal: S,
  request: ExportRequests[S],
): [ExportRequests[S], ExportRequests[S]] | null {
  const cut: Cut<ExportRequests[S]> = cuts[signal];
  const records = cut.count(request);
  return records > 1 ? cut.divide(request, Math.ceil(records / 2)) : null;
}

/** A request as protobuf, and how many log records, spans or data points it holds. */
export interface Encoded {
  body: Uint8Array;
  records: number;
}

/** The request in as many parts as keep each within `limitBytes`; a single record beyond it is a part alone. */
export function fitting(
  signal: Signal,
  request: ExportRequest,
  records: number,
  limitBytes: number,
): Encoded[] {
  const body = encodeProtobuf(signal, request as never);
  const halves = body.length > limitBytes ? halve(signal, request as never) : null;
  if (!halves) return [{ body, records }];
  const first = Math.ceil(records / 2);
  return [
    ...fitting(signal, halves[0], first, limitBytes),
    ...fitting(signal, halves[1], records - first, limitBytes),
  ];
}

/** The halves of a request that is protobuf already; null when it has one record or none, or is no request. */
export function halves(signal: Signal, body: Uint8Array): [Encoded, Encoded] | null {
  const decoded = decodeProtobuf(signal, body);
  const requests = decoded.ok ? halve(signal, decoded.request) : null;
  if (!requests) return null;
  const encoded = (request: ExportRequest): Encoded => ({
    body: encodeProtobuf(signal, request as never),
    records: countRecords(signal, request as never),
  });
  return [encoded(requests[0]), encoded(requests[1])];
}

/** Of a record itself, which is never divided. */
function one<T>(): Cut<T> {
  return { count: () => 1, divide: (record) => [record, record] };
}

/** Of a message that holds its records in the repeated field `key`, at once or further down. */
function list<K extends string, C, T extends { [key in K]: C[] }>(key: K, child: Cut<C>): Cut<T> {
  return {
    count: (message) => message[key].reduce((sum, each) => sum + child.count(each), 0),
    divide(message, records) {
      const first: C[] = [];
      const second: C[] = [];
      let left = records;
      for (const each of message[key]) {
        const count = child.count(each);
        if (count <= left) {
          first.push(each);
        } else if (left === 0) {
          second.push(each);
        } else {
          const [before, after] = child.divide(each, left);
          first.push(before);
          second.push(after);
        }
        left = Math.max(0, left - count);
      }
      return [withField(message, key, first), withField(message, key, second)];
    },
  };
}

/** Of a metric, which keeps its points in one of five members. */
function ofMetric(): Cut<Metric> {
  const points = list<'dataPoints', unknown, { dataPoints: unknown[] }>('dataPoints', one());
  return {
    count: (metric) => dataPointsOf(metric).length,
    divide(metric, records) {
      for (const kind of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const) {
        const data = metric[kind];
        if (!data) continue;
        const [first, second] = points.divide(data, records);
        return [withField(metric, kind, first), withField(metric, kind, second)];
      }
      return [metric, metric];
    },
  };
}

/**
 * A copy with another value in one field. Fields newer than the schema lie in a member that is not enumerable,
 * which a spread would lose.
 */
function withField<T extends object>(message: T, key: string, value: unknown): T {
  const copy = Object.create(Object.getPrototypeOf(message), Object.getOwnPropertyDescriptors(message)) as T;
  return Object.assign(copy, { [key]: value });
}

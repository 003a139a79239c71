import { bytesFromHex } from '../../../src/otlp/hex.ts';
import type { KeyValue, LogRecord, Metric, Resource, Span } from '../../../src/otlp/types.ts';
import type { Mapper } from '../../../src/providers/provider.ts';
import type { AgentEvent } from '../../../src/session/event.ts';

/** A string, a boolean, an integer, a double, or the empty value that JavaScript exporters make of `undefined`. */
type Value = string | boolean | number | { double: number } | undefined;
export type Attributes = Readonly<Record<string, Value>>;

/** Ids as hex, times as Unix ms. */
interface Ids {
  traceId?: string;
  spanId?: string;
}

/** As the JavaScript SDKs write it: both times, ms precision. */
export function log(at: number, attributes: Attributes, ids: Ids = {}): LogRecord {
  return {
    ...ofIds(ids),
    timeUnixNano: at * 1e6,
    observedTimeUnixNano: at * 1e6,
    attributes: list(attributes),
  };
}

/** As Codex writes it: the time is absent, which is how zero arrives. */
export function codexLog(observedAt: number, attributes: Attributes, ids: Ids = {}): LogRecord {
  return { ...ofIds(ids), observedTimeUnixNano: observedAt * 1e6, attributes: list(attributes) };
}

export function span(
  name: string,
  [startedAt, endedAt]: [number, number],
  attributes: Attributes,
  ids: Ids & { parentSpanId?: string } = {},
): Span {
  const { parentSpanId, ...own } = ids;
  return {
    ...ofIds(own),
    ...(parentSpanId && { parentSpanId: bytes(parentSpanId) }),
    name,
    startTimeUnixNano: startedAt * 1e6,
    endTimeUnixNano: endedAt * 1e6,
    attributes: list(attributes),
    events: [],
    links: [],
  };
}

/** A sum of one point. Temporality as on the wire: 1 delta, 2 cumulative. */
export function sum(name: string, temporality: 1 | 2, value: number, attributes: Attributes): Metric {
  const point = { asDouble: value, startTimeUnixNano: 1000, attributes: list(attributes), exemplars: [] };
  return { name, sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints: [point] } };
}

export function resource(attributes: Attributes): Resource {
  return { attributes: list(attributes) };
}

export function list(attributes: Attributes): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** Everything a mapper makes of logs and spans, in the order given, and at the end. */
export function events(mapper: Mapper, ...records: (LogRecord | Span)[]): AgentEvent[] {
  return [
    ...records.flatMap((record) => {
      const mapped = 'name' in record ? mapper.span(record) : mapper.log(record);
      return [...(mapped.asides ?? []), ...mapped.events];
    }),
    ...mapper.finish(),
  ];
}

/** Only the events of one kind. */
export function ofKind<K extends AgentEvent['kind']>(kind: K, all: readonly AgentEvent[]) {
  return all.filter((event): event is Extract<AgentEvent, { kind: K }> => event.kind === kind);
}

function anyValue(value: Value) {
  if (value === undefined) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return { intValue: value };
  return { doubleValue: value.double };
}

function ofIds({ traceId, spanId }: Ids) {
  return { ...(traceId && { traceId: bytes(traceId) }), ...(spanId && { spanId: bytes(spanId) }) };
}

function bytes(hex: string): Uint8Array {
  const decoded = bytesFromHex(hex);
  if (!decoded) throw new Error(`${hex} is not hex`);
  return decoded;
}

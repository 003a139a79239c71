import type { Int64 } from './int64.ts';

/**
 * The OTLP messages (opentelemetry-proto v1.10.0) under their proto names, as protobufjs decodes them: what
 * arrives is what is forwarded, no conversion between. 64-bit integers are `Long`, bytes and packed numbers
 * `Uint8Array` (views of the received body), enums numbers.
 *
 * Repeated fields are always arrays. Of the rest only what was sent is there: an absent member reads
 * `undefined`, and in proto3 a scalar outside a oneof that was sent as zero, `false` or empty is absent too.
 * Of a oneof at most one member is there.
 *
 * A decoded message also carries the fields that this schema does not know, out of sight, for
 * `encodeProtobuf`. They stay with the object: change messages in place, a spread copy loses them.
 *
 * An attribute may stand in several records at once (repeated-attributes.ts): its members and those of values are not to be changed.
 */
export type Signal = 'logs' | 'traces' | 'metrics';

export interface ExportRequests {
  logs: ExportLogsServiceRequest;
  traces: ExportTraceServiceRequest;
  metrics: ExportMetricsServiceRequest;
}
export type ExportRequest = ExportRequests[Signal];

export interface ExportLogsServiceRequest {
  resourceLogs: ResourceLogs[];
}

export interface ExportTraceServiceRequest {
  resourceSpans: ResourceSpans[];
}

export interface ExportMetricsServiceRequest {
  resourceMetrics: ResourceMetrics[];
}

/** One of the first seven; none at all is the empty value (what JavaScript SDKs make of `undefined`). */
export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: Int64;
  readonly doubleValue?: number;
  readonly arrayValue?: { values: AnyValue[] };
  readonly kvlistValue?: { values: KeyValue[] };
  readonly bytesValue?: Uint8Array;
  /** Profiles only. */
  readonly stringValueStrindex?: number;
}

export interface KeyValue {
  readonly key?: string;
  readonly value?: AnyValue;
  /** Profiles only. */
  readonly keyStrindex?: number;
}

export interface Resource {
  attributes: KeyValue[];
  droppedAttributesCount?: number;
  entityRefs?: EntityRef[];
}

export interface EntityRef {
  schemaUrl?: string;
  type?: string;
  idKeys: string[];
  descriptionKeys: string[];
}

export interface InstrumentationScope {
  name?: string;
  version?: string;
  attributes: KeyValue[];
  droppedAttributesCount?: number;
}

export interface ResourceLogs {
  resource?: Resource;
  scopeLogs: ScopeLogs[];
  schemaUrl?: string;
}

export interface ScopeLogs {
  scope?: InstrumentationScope;
  logRecords: LogRecord[];
  schemaUrl?: string;
}

export interface LogRecord {
  timeUnixNano?: Int64;
  observedTimeUnixNano?: Int64;
  severityNumber?: number;
  severityText?: string;
  body?: AnyValue;
  attributes: KeyValue[];
  droppedAttributesCount?: number;
  flags?: number;
  traceId?: Uint8Array;
  spanId?: Uint8Array;
  eventName?: string;
}

export interface ResourceSpans {
  resource?: Resource;
  scopeSpans: ScopeSpans[];
  schemaUrl?: string;
}

export interface ScopeSpans {
  scope?: InstrumentationScope;
  spans: Span[];
  schemaUrl?: string;
}

export interface Span {
  traceId?: Uint8Array;
  spanId?: Uint8Array;
  traceState?: string;
  parentSpanId?: Uint8Array;
  flags?: number;
  name?: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind?: number;
  startTimeUnixNano?: Int64;
  endTimeUnixNano?: Int64;
  attributes: KeyValue[];
  droppedAttributesCount?: number;
  events: SpanEvent[];
  droppedEventsCount?: number;
  links: SpanLink[];
  droppedLinksCount?: number;
  status?: Status;
}

/** Proto `Span.Event`. */
export interface SpanEvent {
  timeUnixNano?: Int64;
  name?: string;
  attributes: KeyValue[];
  droppedAttributesCount?: number;
}

/** Proto `Span.Link`. */
export interface SpanLink {
  traceId?: Uint8Array;
  spanId?: Uint8Array;
  traceState?: string;
  attributes: KeyValue[];
  droppedAttributesCount?: number;
  flags?: number;
}

export interface Status {
  message?: string;
  /** 1 ok, 2 error; absent is unset. */
  code?: number;
}

export interface ResourceMetrics {
  resource?: Resource;
  scopeMetrics: ScopeMetrics[];
  schemaUrl?: string;
}

export interface ScopeMetrics {
  scope?: InstrumentationScope;
  metrics: Metric[];
  schemaUrl?: string;
}

/** One of the five kinds of data. */
export interface Metric {
  name?: string;
  description?: string;
  unit?: string;
  gauge?: Gauge;
  sum?: Sum;
  histogram?: Histogram;
  exponentialHistogram?: ExponentialHistogram;
  summary?: Summary;
  metadata?: KeyValue[];
}

export interface Gauge {
  dataPoints: NumberDataPoint[];
}

export interface Sum {
  dataPoints: NumberDataPoint[];
  /** 1 delta, 2 cumulative. */
  aggregationTemporality?: number;
  isMonotonic?: boolean;
}

export interface Histogram {
  dataPoints: HistogramDataPoint[];
  /** 1 delta, 2 cumulative. */
  aggregationTemporality?: number;
}

export interface ExponentialHistogram {
  dataPoints: ExponentialHistogramDataPoint[];
  /** 1 delta, 2 cumulative. */
  aggregationTemporality?: number;
}

export interface Summary {
  dataPoints: SummaryDataPoint[];
}

interface DataPoint {
  attributes: KeyValue[];
  startTimeUnixNano?: Int64;
  timeUnixNano?: Int64;
  flags?: number;
}

/** One of `asDouble` and `asInt`. */
export interface NumberDataPoint extends DataPoint {
  asDouble?: number;
  asInt?: Int64;
  exemplars: Exemplar[];
}

export interface HistogramDataPoint extends DataPoint {
  count?: Int64;
  sum?: number;
  /** Packed integers (packed-numbers.ts). */
  bucketCounts?: Uint8Array;
  /** Packed doubles. */
  explicitBounds?: Uint8Array;
  exemplars: Exemplar[];
  min?: number;
  max?: number;
}

export interface ExponentialHistogramDataPoint extends DataPoint {
  count?: Int64;
  sum?: number;
  scale?: number;
  zeroCount?: Int64;
  positive?: Buckets;
  negative?: Buckets;
  exemplars: Exemplar[];
  min?: number;
  max?: number;
  zeroThreshold?: number;
}

/** Proto `ExponentialHistogramDataPoint.Buckets`. */
export interface Buckets {
  offset?: number;
  bucketCounts: Int64[];
}

export interface SummaryDataPoint extends DataPoint {
  count?: Int64;
  sum?: number;
  quantileValues: ValueAtQuantile[];
}

/** Proto `SummaryDataPoint.ValueAtQuantile`. */
export interface ValueAtQuantile {
  quantile?: number;
  value?: number;
}

/** One of `asDouble` and `asInt`. */
export interface Exemplar {
  filteredAttributes: KeyValue[];
  timeUnixNano?: Int64;
  asDouble?: number;
  asInt?: Int64;
  spanId?: Uint8Array;
  traceId?: Uint8Array;
}

/** The answer to an export, of any signal; which `rejected…` it has is the signal's. */
export interface ExportResponse {
  partialSuccess?: {
    rejectedLogRecords?: Int64;
    rejectedSpans?: Int64;
    rejectedDataPoints?: Int64;
    errorMessage?: string;
  };
}

import { removeAttributes, setAttribute, text } from '../otlp/attributes.ts';
import { dataPointsOf } from '../otlp/data-points.ts';
import type {
  ExportLogsServiceRequest,
  ExportMetricsServiceRequest,
  ExportRequest,
  ExportTraceServiceRequest,
  InstrumentationScope,
  KeyValue,
  LogRecord,
  Metric,
  Resource,
  ResourceSpans,
  Span,
} from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';
import type { Recorder } from '../session/recorder.ts';
import { attributesOf, type ContentPolicy, cleanAttributes, cleanMetric } from './content.ts';
import { CumulativeMetrics } from './cumulative.ts';
import { enrichLog, enrichMetricResource, enrichResource, enrichSpan, type RunAttributes } from './enrich.ts';
import { setSeverity } from './severity.ts';
import type { LogPlaces } from './unified/log-places.ts';

/** Is a record the CLI's own, by the service name of its resource and the name of its scope? */
export type Recognise = (serviceName: string | undefined, scopeName: string) => boolean;

/** Turns the native records of one CLI into events; the mappers of the providers are of this shape. */
export interface RecordMapper {
  resource(resource: Resource): AgentEvent[];
  log(record: LogRecord): MappedRecord;
  span(span: Span): MappedRecord;
  metric(metric: Metric): MappedRecord;
}

export interface MappedRecord {
  sessionId: string | undefined;
  events: AgentEvent[];
  /** What it lets us tell of something else: the record is not forwarded with it. */
  asides?: AgentEvent[];
  /** What a native span is, as OpenInference names it. */
  spanKind?: 'AGENT' | 'LLM' | 'TOOL';
}

/** A piece of work that can be laid aside after each step. */
type Steps<Result> = Generator<undefined, Result>;

/** What understanding needs; the same for every record of a run. */
export interface UnderstandingParts {
  recognises: Recognise;
  mapper: RecordMapper;
  recorder: Recorder;
  run: RunAttributes;
  /** Says which attributes a native record loses once it is understood. */
  content: ContentPolicy;
  /** Ties logs to the unified spans; null where there are none. */
  places: LogPlaces | null;
  /** Is a native span of this trace sent on? */
  keepsSpan(traceId: Uint8Array | undefined): boolean;
  /** Is told each event once the session knows of it; it must not throw. */
  onEvent(event: AgentEvent): void;
}

/**
 * The one place where a native record is understood: its events are folded into the session and, from the
 * same events, the record gets the attributes it is forwarded with. Requests are changed in place. What
 * another program sent is left untouched.
 */
export class Understanding {
  readonly #parts: UnderstandingParts;
  readonly #cumulative = new CumulativeMetrics();
  /** Attributes of records that came before the CLI had named its session. */
  readonly #unnamed: KeyValue[][] = [];
  /** Records that were recognised as the CLI's. */
  readonly received = { logs: 0, spans: 0, metricPoints: 0 };

  constructor(parts: UnderstandingParts) {
    this.#parts = parts;
  }

  /** @returns the part of the request that is the CLI's own, as a request of the same objects. */
  read(request: ExportRequest): ExportRequest {
    const steps = this.reading(request);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /** The same, record by record: a request may hold so many that others should have a turn in between. */
  *reading(request: ExportRequest): Steps<ExportRequest> {
    const own = yield* this.#read(request);
    if (this.#parts.recorder.mainSessionId !== undefined) this.name();
    return own;
  }

  /** Has every record read so far its session? Until then the requests are not to be sent. */
  get isNamed(): boolean {
    return this.#unnamed.length === 0;
  }

  /** Gives the early records the name of the session; when there is none, our run stands for it. */
  name(): void {
    const id = this.#parts.recorder.mainSessionId ?? this.#parts.run.runId;
    for (const attributes of this.#unnamed.splice(0)) setAttribute(attributes, 'session.id', id);
  }

  #read(request: ExportRequest): Steps<ExportRequest> {
    if ('resourceLogs' in request) return this.#logs(request);
    if ('resourceSpans' in request) return this.#spans(request);
    return this.#metrics(request);
  }

  *#logs(request: ExportLogsServiceRequest): Steps<ExportLogsServiceRequest> {
    const resourceLogs = request.resourceLogs.filter((each) => this.#isOurs(each.resource, each.scopeLogs));
    for (const resourceLog of resourceLogs) {
      resourceLog.resource = this.#resource(resourceLog.resource);
      for (const { scope, logRecords } of resourceLog.scopeLogs) {
        this.#takeOut(scope?.attributes);
        for (const record of logRecords) {
          this.#log(record);
          yield;
        }
      }
    }
    return { resourceLogs };
  }

  #log(record: LogRecord): void {
    const { sessionId, events, asides = [] } = this.#parts.mapper.log(record);
    this.#fold([...asides, ...events]);
    this.received.logs += 1;
    this.#takeOut(record.attributes);
    this.#identify(record.attributes, sessionId);
    setSeverity(record, events);
    this.#parts.places?.place(record, sessionId, events);
    enrichLog(record.attributes, events, (event) => this.#callOf(event), this.#parts.run);
  }

  *#spans(request: ExportTraceServiceRequest): Steps<ExportTraceServiceRequest> {
    const resourceSpans = request.resourceSpans.filter((each) =>
      this.#isOurs(each.resource, each.scopeSpans),
    );
    for (const resourceSpan of resourceSpans) {
      resourceSpan.resource = this.#resource(resourceSpan.resource);
      for (const { scope, spans } of resourceSpan.scopeSpans) {
        this.#takeOut(scope?.attributes);
        for (const span of spans) {
          this.#span(span);
          yield;
        }
      }
    }
    this.#dropSpans(request, resourceSpans);
    return { resourceSpans };
  }

  /** The CLI's own spans that are not asked for, or not sampled, stay here; those of another program do not. */
  #dropSpans(request: ExportTraceServiceRequest, ours: readonly ResourceSpans[]): void {
    for (const { scopeSpans } of ours) {
      for (const each of scopeSpans)
        each.spans = each.spans.filter(({ traceId }) => this.#parts.keepsSpan(traceId));
    }
    request.resourceSpans = request.resourceSpans.filter(
      (each) => !ours.includes(each) || each.scopeSpans.some(({ spans }) => spans.length > 0),
    );
  }

  #span(span: Span): void {
    const { sessionId, events, asides = [], spanKind } = this.#parts.mapper.span(span);
    this.#fold([...asides, ...events]);
    this.received.spans += 1;
    for (const attributes of attributesOf(span)) this.#takeOut(attributes);
    this.#identify(span.attributes, sessionId);
    enrichSpan(span.attributes, spanKind, events, this.#parts.run);
  }

  *#metrics(request: ExportMetricsServiceRequest): Steps<ExportMetricsServiceRequest> {
    const resourceMetrics = request.resourceMetrics.filter((each) =>
      this.#isOurs(each.resource, each.scopeMetrics),
    );
    for (const resourceMetric of resourceMetrics) {
      // Labels too, some of them.
      cleanAttributes(resourceMetric.resource?.attributes);
      resourceMetric.resource = this.#resource(resourceMetric.resource);
      for (const { scope, metrics } of resourceMetric.scopeMetrics) {
        cleanAttributes(scope?.attributes);
        for (const metric of metrics) {
          this.#metric(metric, scope);
          yield;
        }
      }
      enrichMetricResource(resourceMetric.resource, this.#parts.run);
      // As an attribute of the points it would be a label with a value per session (facts/launcher.md T10).
      this.#identify(resourceMetric.resource.attributes, undefined);
    }
    return { resourceMetrics };
  }

  #metric(metric: Metric, scope: InstrumentationScope | undefined): void {
    const { events } = this.#parts.mapper.metric(metric);
    this.#fold(events);
    this.received.metricPoints += dataPointsOf(metric).length;
    this.#cumulative.convert(metric, scope);
    cleanMetric(metric);
  }

  #isOurs(resource: Resource | undefined, scopes: readonly { scope?: InstrumentationScope }[]): boolean {
    const serviceName = text(resource?.attributes, 'service.name');
    return scopes.some(({ scope }) => this.#parts.recognises(serviceName, scope?.name ?? ''));
  }

  #resource(resource: Resource = { attributes: [] }): Resource {
    this.#fold(this.#parts.mapper.resource(resource));
    this.#takeOut(resource.attributes);
    enrichResource(resource, this.#parts.run);
    return resource;
  }

  #takeOut(attributes: KeyValue[] | undefined): void {
    if (attributes) removeAttributes(attributes, this.#parts.content.takesOut);
  }

  #fold(events: readonly AgentEvent[]): void {
    for (const event of events) {
      this.#parts.recorder.fold(event);
      this.#parts.onEvent(event);
    }
  }

  /** A record that names no session is the current one's. */
  #identify(attributes: KeyValue[], own: string | undefined): void {
    const id = this.#parts.recorder.ownerOf(own);
    if (id === undefined) this.#unnamed.push(attributes);
    else setAttribute(attributes, 'session.id', id);
  }

  #callOf(event: AgentEvent) {
    return event.kind === 'llm_call' ? this.#parts.recorder.callOf(event) : undefined;
  }
}

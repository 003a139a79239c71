import { setAttribute, text } from '../otlp/attributes.ts';
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
  Span,
} from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';
import type { Recorder } from '../session/recorder.ts';
import { cleanAttributes, cleanLog, cleanMetric, cleanSpan } from './content.ts';
import { CumulativeMetrics } from './cumulative.ts';
import { enrichLog, enrichMetricResource, enrichResource, enrichSpan, type RunAttributes } from './enrich.ts';

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
}

/**
 * The one place where a native record is understood: its events are folded into the session and, from the
 * same events, the record gets the attributes it is forwarded with. Requests are changed in place. What
 * another program sent is left untouched.
 */
export class Understanding {
  readonly #recognises: Recognise;
  readonly #mapper: RecordMapper;
  readonly #recorder: Recorder;
  readonly #run: RunAttributes;
  readonly #onEvent: (event: AgentEvent) => void;
  readonly #cumulative = new CumulativeMetrics();
  /** Attributes of records that came before the CLI had named its session. */
  readonly #unnamed: KeyValue[][] = [];
  /** Records that were recognised as the CLI's. */
  readonly received = { logs: 0, spans: 0, metricPoints: 0 };

  /** @param onEvent is told each event once the session knows of it; it must not throw. */
  constructor(
    recognises: Recognise,
    mapper: RecordMapper,
    recorder: Recorder,
    run: RunAttributes,
    onEvent: (event: AgentEvent) => void = () => {},
  ) {
    this.#recognises = recognises;
    this.#mapper = mapper;
    this.#recorder = recorder;
    this.#run = run;
    this.#onEvent = onEvent;
  }

  read(request: ExportRequest): void {
    if ('resourceLogs' in request) this.#logs(request);
    else if ('resourceSpans' in request) this.#spans(request);
    else this.#metrics(request);
    if (this.#recorder.mainSessionId !== undefined) this.name();
  }

  /** Has every record read so far its session? Until then the requests are not to be sent. */
  get isNamed(): boolean {
    return this.#unnamed.length === 0;
  }

  /** Gives the early records the name of the session; when there is none, our run stands for it. */
  name(): void {
    const id = this.#recorder.mainSessionId ?? this.#run.runId;
    for (const attributes of this.#unnamed.splice(0)) setAttribute(attributes, 'session.id', id);
  }

  #logs({ resourceLogs }: ExportLogsServiceRequest): void {
    for (const resourceLog of resourceLogs) {
      if (!this.#isOurs(resourceLog.resource, resourceLog.scopeLogs)) continue;
      resourceLog.resource = this.#resource(resourceLog.resource);
      for (const { scope, logRecords } of resourceLog.scopeLogs) {
        cleanAttributes(scope?.attributes);
        for (const record of logRecords) this.#log(record);
      }
    }
  }

  #log(record: LogRecord): void {
    const { sessionId, events } = this.#mapper.log(record);
    this.#fold(events);
    this.received.logs += 1;
    cleanLog(record);
    this.#identify(record.attributes, sessionId);
    for (const event of events) enrichLog(record.attributes, event, this.#callOf(event), this.#run);
  }

  #spans({ resourceSpans }: ExportTraceServiceRequest): void {
    for (const resourceSpan of resourceSpans) {
      if (!this.#isOurs(resourceSpan.resource, resourceSpan.scopeSpans)) continue;
      resourceSpan.resource = this.#resource(resourceSpan.resource);
      for (const { scope, spans } of resourceSpan.scopeSpans) {
        cleanAttributes(scope?.attributes);
        for (const span of spans) this.#span(span);
      }
    }
  }

  #span(span: Span): void {
    const { sessionId, events } = this.#mapper.span(span);
    this.#fold(events);
    this.received.spans += 1;
    cleanSpan(span);
    this.#identify(span.attributes, sessionId);
    for (const event of events) enrichSpan(span.attributes, event, this.#run);
  }

  #metrics({ resourceMetrics }: ExportMetricsServiceRequest): void {
    for (const resourceMetric of resourceMetrics) {
      if (!this.#isOurs(resourceMetric.resource, resourceMetric.scopeMetrics)) continue;
      resourceMetric.resource = this.#resource(resourceMetric.resource);
      for (const { scope, metrics } of resourceMetric.scopeMetrics) {
        cleanAttributes(scope?.attributes);
        for (const metric of metrics) this.#metric(metric, scope);
      }
      enrichMetricResource(resourceMetric.resource, this.#run);
      // As an attribute of the points it would be a label with a value per session (facts/launcher.md T10).
      this.#identify(resourceMetric.resource.attributes, undefined);
    }
  }

  #metric(metric: Metric, scope: InstrumentationScope | undefined): void {
    const { events } = this.#mapper.metric(metric);
    this.#fold(events);
    this.received.metricPoints += dataPointsOf(metric).length;
    this.#cumulative.convert(metric, scope);
    cleanMetric(metric);
  }

  #isOurs(resource: Resource | undefined, scopes: readonly { scope?: InstrumentationScope }[]): boolean {
    const serviceName = text(resource?.attributes, 'service.name');
    return scopes.some(({ scope }) => this.#recognises(serviceName, scope?.name ?? ''));
  }

  #resource(resource: Resource = { attributes: [] }): Resource {
    this.#fold(this.#mapper.resource(resource));
    cleanAttributes(resource.attributes);
    enrichResource(resource, this.#run);
    return resource;
  }

  #fold(events: readonly AgentEvent[]): void {
    for (const event of events) {
      this.#recorder.fold(event);
      this.#onEvent(event);
    }
  }

  /** A record that names no session is the current one's. */
  #identify(attributes: KeyValue[], own: string | undefined): void {
    const id = this.#recorder.ownerOf(own);
    if (id === undefined) this.#unnamed.push(attributes);
    else setAttribute(attributes, 'session.id', id);
  }

  #callOf(event: AgentEvent) {
    return event.kind === 'llm_call' ? this.#recorder.session.llmCalls.get(event.callId) : undefined;
  }
}

import { text } from '../otlp/attributes.ts';
import { dataPointsOf } from '../otlp/data-points.ts';
import type { SpanNeeds } from '../otlp/needed-spans.ts';
import type {
  ExportLogsServiceRequest,
  ExportMetricsServiceRequest,
  ExportRequest,
  ExportTraceServiceRequest,
  InstrumentationScope,
  LogRecord,
  Metric,
  Resource,
  Span,
} from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';
import type { Recorder } from '../session/recorder.ts';
import type { Enrichment } from './enrichment.ts';
import type { MappedRecord, RecordMapper } from './record-mapper.ts';

/** Is a record the CLI's own, by the service name of its resource and the name of its scope? */
export type Recognise = (serviceName: string | undefined, scopeName: string) => boolean;

/** A piece of work that can be laid aside after each step. */
type Steps<Result> = Generator<undefined, Result>;

/** What understanding needs; the same for every record of a run. */
export interface UnderstandingParts {
  recognises: Recognise;
  mapper: RecordMapper;
  recorder: Recorder;
  /** What becomes of the records; null where nothing is forwarded. */
  enrichment: Enrichment | null;
  /** Is told each event once the session knows of it; it must not throw. */
  onEvent(event: AgentEvent): void;
}

/**
 * The one place where a native record is understood: its events are folded into the session and, from the
 * same events, the record gets the form in which it is forwarded. Requests are changed in place. What
 * another program sent is left untouched.
 */
export class Understanding {
  readonly #parts: UnderstandingParts;
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
    return this.#parts.enrichment?.isNamed ?? true;
  }

  /** Gives the early records the name of the session. */
  name(): void {
    this.#parts.enrichment?.name();
  }

  /** Of the CLI's own spans those that tell something; undefined where all are needed, or sent on. */
  get spanNeeds(): SpanNeeds | undefined {
    const { mapper, enrichment } = this.#parts;
    if (!mapper.needsSpan || enrichment?.keepsSpans) return undefined;
    const isNeeded = (name: string) => {
      const needed = mapper.needsSpan?.(name) ?? true;
      if (!needed) this.received.spans += 1;
      return needed;
    };
    return ({ resource, scopeSpans }) => (this.#isOurs(resource, scopeSpans) ? isNeeded : null);
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
        this.#parts.enrichment?.scope(scope);
        for (const record of logRecords) {
          this.#log(record);
          yield;
        }
      }
    }
    return { resourceLogs };
  }

  #log(record: LogRecord): void {
    const mapped = this.#parts.mapper.log(record);
    this.#fold(mapped);
    this.received.logs += 1;
    this.#parts.enrichment?.log(record, mapped);
  }

  *#spans(request: ExportTraceServiceRequest): Steps<ExportTraceServiceRequest> {
    const resourceSpans = request.resourceSpans.filter((each) =>
      this.#isOurs(each.resource, each.scopeSpans),
    );
    for (const resourceSpan of resourceSpans) {
      resourceSpan.resource = this.#resource(resourceSpan.resource);
      for (const { scope, spans } of resourceSpan.scopeSpans) {
        this.#parts.enrichment?.scope(scope);
        for (const span of spans) {
          this.#span(span);
          yield;
        }
      }
    }
    this.#parts.enrichment?.dropSpans(request, resourceSpans);
    return { resourceSpans };
  }

  #span(span: Span): void {
    const mapped = this.#parts.mapper.span(span);
    this.#fold(mapped);
    this.received.spans += 1;
    this.#parts.enrichment?.span(span, mapped);
  }

  *#metrics(request: ExportMetricsServiceRequest): Steps<ExportMetricsServiceRequest> {
    const resourceMetrics = request.resourceMetrics.filter((each) =>
      this.#isOurs(each.resource, each.scopeMetrics),
    );
    for (const resourceMetric of resourceMetrics) {
      const enrich = this.#parts.enrichment?.metrics(resourceMetric);
      resourceMetric.resource = this.#resource(resourceMetric.resource);
      for (const { scope, metrics } of resourceMetric.scopeMetrics) {
        for (const metric of metrics) {
          this.#metric(metric);
          enrich?.(metric, scope);
          yield;
        }
      }
      this.#parts.enrichment?.metricResource(resourceMetric.resource);
    }
    return { resourceMetrics };
  }

  #metric(metric: Metric): void {
    this.#fold(this.#parts.mapper.metric(metric));
    this.received.metricPoints += dataPointsOf(metric).length;
  }

  #isOurs(resource: Resource | undefined, scopes: readonly { scope?: InstrumentationScope }[]): boolean {
    const serviceName = text(resource?.attributes, 'service.name');
    return scopes.some(({ scope }) => this.#parts.recognises(serviceName, scope?.name ?? ''));
  }

  #resource(resource: Resource = { attributes: [] }): Resource {
    this.#fold({ events: this.#parts.mapper.resource(resource) });
    this.#parts.enrichment?.resource(resource);
    return resource;
  }

  #fold({ asides = [], events }: Pick<MappedRecord, 'asides' | 'events'>): void {
    for (const event of asides) this.#tell(event);
    for (const event of events) this.#tell(event);
  }

  #tell(event: AgentEvent): void {
    this.#parts.recorder.fold(event);
    this.#parts.onEvent(event);
  }
}

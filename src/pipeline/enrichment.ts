import { removeAttributes, setAttribute } from '../otlp/attributes.ts';
import { lastTimeOf } from '../otlp/data-points.ts';
import { nanosFromMs } from '../otlp/nanos.ts';
import type {
  ExportTraceServiceRequest,
  InstrumentationScope,
  KeyValue,
  LogRecord,
  Metric,
  Resource,
  ResourceMetrics,
  ResourceSpans,
  Span,
} from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';
import type { Recorder } from '../session/recorder.ts';
import { attributesOf, type ContentPolicy, cleanAttributes, cleanExemplars } from './content.ts';
import { CumulativeMetrics } from './cumulative.ts';
import { enrichLog, enrichMetricResource, enrichResource, enrichSpan, type RunAttributes } from './enrich.ts';
import type { MappedRecord } from './record-mapper.ts';
import { setSeverity } from './severity.ts';
import type { LogPlaces } from './unified/log-places.ts';

export interface EnrichmentParts {
  recorder: Recorder;
  run: RunAttributes;
  /** Says which attributes a native record loses once it is understood. */
  content: ContentPolicy;
  /** Ties logs to the unified spans; null where there are none. */
  places: LogPlaces | null;
  /** Is a native span of this trace sent on? null where none is. */
  keepsSpan: ((traceId: Uint8Array | undefined) => boolean) | null;
  /** Unix ms */
  now(): number;
}

/** Gives native records that were understood the form in which they are forwarded (design.md §5), in place. */
export class Enrichment {
  readonly #parts: EnrichmentParts;
  readonly #cumulative = new CumulativeMetrics();
  /** Attributes of records that came before the CLI had named its session. */
  readonly #unnamed: KeyValue[][] = [];

  constructor(parts: EnrichmentParts) {
    this.#parts = parts;
  }

  /** Has every record so far its session? Until then the requests are not to be sent. */
  get isNamed(): boolean {
    return this.#unnamed.length === 0;
  }

  /** Gives the early records the name of the session; when there is none, our run stands for it. */
  name(): void {
    const id = this.#parts.recorder.mainSessionId ?? this.#parts.run.runId;
    for (const attributes of this.#unnamed.splice(0)) setAttribute(attributes, 'session.id', id);
  }

  resource(resource: Resource): void {
    this.#takeOut(resource.attributes);
    enrichResource(resource, this.#parts.run);
  }

  scope(scope: InstrumentationScope | undefined): void {
    this.#takeOut(scope?.attributes);
  }

  log(record: LogRecord, { sessionId, events }: MappedRecord): void {
    this.#takeOut(record.attributes);
    this.#identify(record.attributes, sessionId);
    setSeverity(record, events);
    this.#parts.places?.place(record, sessionId, events);
    enrichLog(record.attributes, events, (event) => this.#callOf(event), this.#parts.run);
  }

  /** Are native spans sent on, all or some? */
  get keepsSpans(): boolean {
    return this.#parts.keepsSpan !== null;
  }

  span(span: Span, { sessionId, events, spanKind }: MappedRecord): void {
    if (!this.keepsSpans) return;
    for (const attributes of attributesOf(span)) this.#takeOut(attributes);
    this.#identify(span.attributes, sessionId);
    enrichSpan(span.attributes, spanKind, events, this.#parts.run);
  }

  /** The CLI's own spans that are not asked for, or not sampled, stay here; those of another program do not. */
  dropSpans(request: ExportTraceServiceRequest, ours: readonly ResourceSpans[]): void {
    const { keepsSpan } = this.#parts;
    for (const { scopeSpans } of ours) {
      for (const each of scopeSpans) {
        each.spans = keepsSpan ? each.spans.filter(({ traceId }) => keepsSpan(traceId)) : [];
      }
    }
    request.resourceSpans = request.resourceSpans.filter(
      (each) => !ours.includes(each) || each.scopeSpans.some(({ spans }) => spans.length > 0),
    );
  }

  /**
   * Attributes of a metric's resource and scope become labels, some of them.
   * @returns what is to be done to each of its metrics once that is understood.
   */
  metrics({
    resource,
    scopeMetrics,
  }: ResourceMetrics): (metric: Metric, scope?: InstrumentationScope) => void {
    cleanAttributes(resource?.attributes);
    for (const { scope } of scopeMetrics) cleanAttributes(scope?.attributes);
    // What has come was measured before, whatever its clock says.
    const now = nanosFromMs(this.#parts.now());
    const measured = lastTimeOf(scopeMetrics.flatMap(({ metrics }) => metrics));
    const convert = this.#cumulative.at(measured.isZero() || now.lessThan(measured) ? now : measured);
    return (metric, scope) => {
      convert(metric, scope);
      cleanExemplars(metric);
    };
  }

  /** To be called once its metrics are understood: they may be the first to name the session. */
  metricResource(resource: Resource): void {
    enrichMetricResource(resource, this.#parts.run);
    // As an attribute of the points it would be a label with a value per session (facts/launcher.md T10).
    this.#identify(resource.attributes, undefined);
  }

  #takeOut(attributes: KeyValue[] | undefined): void {
    if (attributes) removeAttributes(attributes, this.#parts.content.takesOut);
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

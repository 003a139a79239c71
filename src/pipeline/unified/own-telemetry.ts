import { setAttribute } from '../../otlp/attributes.ts';
import type { ExportRequest, InstrumentationScope, Resource, Signal } from '../../otlp/types.ts';
import type { AgentEvent } from '../../session/event.ts';
import type { Recorder } from '../../session/recorder.ts';
import { enrichMetricResource, enrichResource, type RunAttributes } from '../enrich.ts';
import type { UnifiedMetrics } from './metrics.ts';
import type { Ended } from './session-span.ts';
import type { UnifiedIds } from './span-ids.ts';
import { summaryEvent } from './summary-event.ts';
import type { UnifiedTraces } from './traces.ts';

export interface OwnTelemetryParts {
  recorder: Recorder;
  run: RunAttributes;
  /** null where no unified traces are asked for. */
  traces: { spans: UnifiedTraces; ids: UnifiedIds } | null;
  metrics: UnifiedMetrics;
  /** Version of ai-trace. */
  version: string;
  /** How long after one record another of the same thing may still arrive, ms, as things stand. */
  settleMs(): number;
  send(signal: Signal, request: ExportRequest): void;
}

/** Counters that do not change are told again, or a store takes them for gone (Prometheus: after 5 minutes). ms */
const repeatMs = 60_000;
/** After the last event: by then calls and tools count as settled (metrics.ts). ms */
const afterNewsMs = 7000;
/** Counters that do change are told this often. ms */
const metricsGapMs = 2000;
/** From the end of a call or tool to its record's arrival it takes that long, and until what is before it has been understood. ms */
const underwayMs = 1000;
/** So long calls and tools are counted at once. ms */
const turnMs = 2;
/** A request of so many spans is made within a few ms. */
const spansAtOnce = 16;
/** What comes in goes before: the next turn waits so many times as long as the last one took (bench/listener.mjs), */
const pauseFactor = 8;
/** unless so many spans wait, or memory would be their price (bench/memory.mjs). */
const mostLeft = 4000;
/** Between two looks at all that is open there is at least this time. ms */
const restMs = 100;
/** And so many times as long as the last one took for nothing: in a long turn there is much to look at that cannot leave yet. */
const restFactor = 8;
/** Of a part, so much at most is looked at for nothing where its turns leave, but for its last one: then the next part is due. */
const usualShareInVain = 0.6;

/**
 * What ai-trace sends by itself beside the CLI's own records: unified spans, unified metrics, and in the end the session's
 * summary. It keeps nobody waiting and no process alive.
 */
export class OwnTelemetry {
  readonly #parts: OwnTelemetryParts;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends, Unix ms. */
  #due = Number.POSITIVE_INFINITY;
  /** Not before then is the session looked at again, Unix ms. */
  #restsUntil = 0;
  /** When metrics were sent last, Unix ms. */
  #countedAt = 0;
  #hasNews = false;
  #isCounting = false;
  #repeatMs = repeatMs;
  #isClosed = false;

  constructor(parts: OwnTelemetryParts) {
    this.#parts = parts;
  }

  onEvent(event: AgentEvent): void {
    this.#parts.traces?.spans.onEvent(event, Date.now());
    this.#hasNews = true;
    this.#wake(this.#parts.settleMs());
  }

  /** How much closing has to do: spans that have not left, about. */
  get left(): number {
    return this.#parts.traces?.spans.left ?? 0;
  }

  /** Everything that is left. */
  close(ended: Ended): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const { traces, metrics, recorder, run, version } = this.#parts;
    if (traces) this.#sendSpans(traces.spans.close(ended));
    this.#sendMetrics(metrics.close(ended));
    const sessionId = recorder.mainSessionId ?? run.runId;
    const logRecords = [summaryEvent(ended, run, sessionId, traces?.ids ?? null)];
    const scopeLogs = [{ scope: scopeOf(version), logRecords }];
    this.#parts.send('logs', { resourceLogs: [{ resource: this.#resource(), scopeLogs }] });
  }

  /** In `ms` at the latest, but for the rest after the last look. */
  #wake(ms: number): void {
    const now = Date.now();
    this.#wakeAt(Math.max(now + ms, this.#restsUntil), now);
  }

  #wakeAt(due: number, now: number): void {
    if (this.#isClosed || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#tick(), due - now).unref();
  }

  #tick(): void {
    this.#due = Number.POSITIVE_INFINITY;
    const now = Date.now();
    const begun = performance.now();
    // A count that was begun is finished first.
    const spansMs = this.#isCounting ? restMs : this.#takeSpans(now);
    const metricsMs = spansMs === 0 ? null : this.#count(now);
    this.#isCounting = metricsMs === 0;
    if (spansMs === 0 || metricsMs === 0) this.#wakeAfterPause(performance.now() - begun);
    else this.#wake(spansMs ?? metricsMs ?? 0);
  }

  /** @param tookMs what the turn before took */
  #wakeAfterPause(tookMs: number): void {
    const now = Date.now();
    const pauseMs = this.left > mostLeft ? 0 : pauseFactor * tookMs;
    this.#wakeAt(now + Math.ceil(pauseMs), now);
  }

  /** Sends the spans that may leave. @returns when there are more, ms; null when nothing is known of any */
  #takeSpans(now: number): number | null {
    const { traces, settleMs } = this.#parts;
    if (!traces) return null;
    const begun = performance.now();
    const { spans, waitMs, inVain, isAll } = traces.spans.take(now, settleMs(), spansAtOnce);
    const tookMs = performance.now() - begun;
    const hasRest = isAll || inVain > usualShareInVain;
    const rest = hasRest ? Math.max(isAll ? restMs : 0, restFactor * tookMs * inVain) : 0;
    this.#restsUntil = Math.max(this.#restsUntil, Date.now() + Math.ceil(rest));
    this.#sendSpans(spans);
    return waitMs;
  }

  /** Sends the metrics when they are due. @returns when they are again, ms: 0 when there is more to count before */
  #count(now: number): number {
    const waitMs = this.#countedAt + (this.#hasNews ? metricsGapMs : this.#repeatMs) - now;
    if (waitMs > 0) return waitMs;
    const begun = performance.now();
    const settleMs = this.#parts.settleMs() + underwayMs;
    if (!this.#parts.metrics.count(now, settleMs, () => performance.now() - begun < turnMs)) return 0;
    this.#sendMetrics(this.#parts.metrics.collect(now));
    this.#countedAt = now;
    this.#repeatMs = this.#hasNews ? afterNewsMs : repeatMs;
    this.#hasNews = false;
    return this.#repeatMs;
  }

  #sendSpans(spans: ReturnType<UnifiedTraces['close']>): void {
    if (spans.length === 0) return;
    const scopeSpans = [{ scope: scopeOf(this.#parts.version), spans }];
    this.#parts.send('traces', { resourceSpans: [{ resource: this.#resource(), scopeSpans }] });
  }

  #sendMetrics(list: ReturnType<UnifiedMetrics['close']>): void {
    if (list.length === 0) return;
    const resource = this.#resource();
    const { recorder, run } = this.#parts;
    enrichMetricResource(resource, run);
    setAttribute(resource.attributes, 'session.id', recorder.mainSessionId ?? run.runId);
    const scopeMetrics = [{ scope: scopeOf(this.#parts.version), metrics: list }];
    this.#parts.send('metrics', { resourceMetrics: [{ resource, scopeMetrics }] });
  }

  #resource(): Resource {
    const resource: Resource = { attributes: [] };
    enrichResource(resource, this.#parts.run);
    return resource;
  }
}

function scopeOf(version: string): InstrumentationScope {
  return { name: 'ai-trace', version, attributes: [] };
}

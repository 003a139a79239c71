import { setAttribute } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import { msFromNanos } from '../../otlp/time.ts';
import type { LogRecord } from '../../otlp/types.ts';
import type { AgentEvent, Origin } from '../../session/event.ts';
import type { Recorder } from '../../session/recorder.ts';
import { mainEvent, rootKey, spanKeyOf } from '../../session/spans/span.ts';
import type { UnifiedIds } from './span-ids.ts';

/** W3C trace flag. */
const sampled = 1;

/** Ties log records to the unified span they belong to, which leaves later than they do. */
export class LogPlaces {
  readonly #recorder: Recorder;
  readonly #ids: UnifiedIds;
  readonly #keepsNative: boolean;

  /** @param keepsNative the CLI's own spans are sent too: the ids of that span are kept beside */
  constructor(recorder: Recorder, ids: UnifiedIds, keepsNative: boolean) {
    this.#recorder = recorder;
    this.#ids = ids;
    this.#keepsNative = keepsNative;
  }

  /** @param sessionId of the record, where it names one */
  place(record: LogRecord, sessionId: string | undefined, events: readonly AgentEvent[]): void {
    const event = mainEvent(events);
    const key = (event && spanKeyOf(event)) ?? rootKey;
    const time = msFromNanos(record.timeUnixNano) ?? msFromNanos(record.observedTimeUnixNano) ?? 0;
    const origin = event && event.kind !== 'cli' ? event : this.#origin(sessionId);
    const turn = origin ? this.#recorder.turns.of(origin, time) : null;
    const { attributes } = record;
    if (turn) setAttribute(attributes, 'ai_trace.turn.index', { int: turn.index });
    if (this.#keepsNative && record.traceId?.length) {
      setAttribute(attributes, 'ai_trace.native.trace_id', hex(record.traceId));
      setAttribute(attributes, 'ai_trace.native.span_id', hex(record.spanId));
    }
    const { traceId, spanId } = this.#ids.of({ turn, key });
    record.traceId = traceId;
    record.spanId = spanId;
    record.flags = this.#ids.isSampled(traceId) ? sampled : 0;
  }

  /** A record that names no session is the current one's. */
  #origin(sessionId: string | undefined): Origin | undefined {
    const id = sessionId ?? this.#recorder.mainSessionId;
    return id === undefined ? undefined : { sessionId: id };
  }
}

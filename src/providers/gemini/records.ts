import { num } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import { msFromNanos } from '../../otlp/time.ts';
import type { KeyValue, LogRecord, Span } from '../../otlp/types.ts';
import type { UnixMs } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';

/** Section numbers in this and the other gemini files: facts/gemini.md. */

export function timeOf(record: LogRecord): UnixMs {
  return msFromNanos(record.timeUnixNano) ?? msFromNanos(record.observedTimeUnixNano) ?? 0;
}

/** undefined for a span without a beginning or an end. */
export function intervalOf(span: Span): Interval | undefined {
  const startedAt = msFromNanos(span.startTimeUnixNano);
  const endedAt = msFromNanos(span.endTimeUnixNano);
  return startedAt === undefined || endedAt === undefined ? undefined : { startedAt, endedAt };
}

/** The native trace as an event tells it: without the key when there is none. */
export function traceOf({ traceId }: LogRecord | Span): { traceId?: string } {
  const id = hex(traceId);
  return id ? { traceId: id } : {};
}

/** 0 for an attribute that is absent or empty, as undefined ones are [3]. */
export function count(attributes: KeyValue[], key: string): number {
  return num(attributes, key) ?? 0;
}

/** The last string of a list. */
export function lastText(attributes: KeyValue[], key: string): string | undefined {
  const list = attributes.find((attribute) => attribute.key === key)?.value?.arrayValue;
  return list?.values.at(-1)?.stringValue;
}

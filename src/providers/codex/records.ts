import { text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import { msFromNanos } from '../../otlp/time.ts';
import type { KeyValue, LogRecord, Span } from '../../otlp/types.ts';
import type { UnixMs } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';

/** What the parts of the mapper read from Codex's records in the same way; see facts/codex.md, section in brackets. */

/** `time_unix_nano` is always 0 [4]. */
export function timeOf(record: LogRecord): UnixMs {
  return msFromNanos(record.observedTimeUnixNano) ?? 0;
}

/** null for a span that has not ended. */
export function intervalOf({ startTimeUnixNano, endTimeUnixNano }: Span): Interval | null {
  const startedAt = msFromNanos(startTimeUnixNano);
  const endedAt = msFromNanos(endTimeUnixNano);
  return startedAt === undefined || endedAt === undefined ? null : { startedAt, endedAt };
}

export function isWithin(at: UnixMs, { startedAt, endedAt }: Interval): boolean {
  return startedAt <= at && at <= endedAt;
}

export function traceOf({ traceId }: LogRecord | Span): { traceId?: string } {
  const id = hex(traceId);
  return id ? { traceId: id } : {};
}

/** `thread.id` comes twice on some spans: the number of an OS thread, and the conversation [6.5]. */
export function threadId(attributes: KeyValue[]): string | undefined {
  return attributes.find(({ key, value }) => key === 'thread.id' && value?.stringValue)?.value?.stringValue;
}

/** What was said or done; undefined where Codex was not told to tell it. */
export function content(attributes: KeyValue[], key: string): string | undefined {
  const told = text(attributes, key);
  return told === '' || told === '[REDACTED]' ? undefined : told;
}

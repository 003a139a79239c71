import { bytesFromHex } from '../../otlp/hex.ts';
import { formatTraceParent, parseTraceParent } from './trace-context.ts';

export interface SpanIds {
  traceId: Uint8Array;
  spanId: Uint8Array;
}

/**
 * The ids of a session's own trace and span are the digits of its run's UUID: whoever has a receipt finds the trace, and they are
 * known before the CLI starts without a hash. null for a run with another name.
 */
export function sessionIds(runId: string): SpanIds | null {
  const traceId = bytesFromHex(runId.replaceAll('-', ''));
  return traceId?.length === 16 ? { traceId, spanId: traceId.subarray(0, 8) } : null;
}

/**
 * Head sampling as other samplers decide it by the same trace id (OpenTelemetry, TraceState probability sampling: the last 56
 * bits as a random number; the first 48 of them are looked at).
 */
export function isTraceSampled(traceId: Uint8Array, sampleRate: number): boolean {
  if (sampleRate >= 1) return true;
  const randomness = Buffer.from(traceId).readUIntBE(9, 6);
  return randomness >= (1 - sampleRate) * 2 ** 48;
}

/**
 * The session's span, for those that are to be below it.
 * @param parent the `traceparent` that the run was given itself
 */
export function sessionTraceParent(runId: string, parent: string | null, sampleRate: number): string | null {
  const ids = sessionIds(runId);
  if (ids === null) return null;
  const above = parent === null ? null : parseTraceParent(parent);
  const { traceId, isSampled } = above ?? { ...ids, isSampled: isTraceSampled(ids.traceId, sampleRate) };
  return formatTraceParent({ traceId, spanId: ids.spanId, isSampled });
}

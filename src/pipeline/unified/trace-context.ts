import { bytesFromHex, hex } from '../../otlp/hex.ts';

/** A span of somebody else's that our spans are below. */
export interface TraceParent {
  traceId: Uint8Array;
  spanId: Uint8Array;
  isSampled: boolean;
}

/** `version-traceid-parentid-flags` of the version 00, or of a later one with more behind it (W3C Trace Context §3.2). */
const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The value of a `traceparent` header or of the variable `TRACEPARENT`; null when there is none or it is not valid. */
export function parseTraceParent(value: string | undefined): TraceParent | null {
  const [, version, trace = '', span = '', flags = '', more] = form.exec(value?.trim() ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return null;
  const traceId = bytesFromHex(trace);
  const spanId = bytesFromHex(span);
  if (!traceId?.some(Boolean) || !spanId?.some(Boolean)) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceParent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${hex(traceId)}-${hex(spanId)}-${isSampled ? '01' : '00'}`;
}

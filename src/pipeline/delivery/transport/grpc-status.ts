import { type Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { answerToFailure } from './http-answer.ts';
import { type RetryInfo, readRetryInfo } from './retry-info.ts';
import type { Answer } from './transport.ts';

/** Worth another try ("OTLP/gRPC Throttling" and "Failures" of the specification). */
const retryable: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);
/** Who asks, or where, is wrong: a server without the OTLP service says UNIMPLEMENTED. */
const misdirected: ReadonlySet<status> = new Set([
  status.UNAUTHENTICATED,
  status.PERMISSION_DENIED,
  status.UNIMPLEMENTED,
]);

/** What a call means that has failed. `headers` are those of an answer that had begun. */
export function answerToStatus(error: ServiceError, headers: Metadata | null): Answer {
  const { code, details, metadata } = error;
  const reason = `gRPC ${status[code] ?? code}`;
  const httpStatus = /^Received HTTP status code (\d+)$/.exec(details)?.[1];
  if (httpStatus !== undefined) return answerToFailure(Number(httpStatus));
  if (headers && !isGrpc(headers)) return { kind: 'misdirected', reason: 'not gRPC' };
  // The client makes up statuses of its own; what comes from a server has headers at least.
  const answered = headers !== null || Object.keys(metadata.getMap()).length > 0;
  if (!answered) return answerToSilence(code, details, reason);

  const info = retryInfoOf(error);
  if (info !== null && (code === status.RESOURCE_EXHAUSTED || retryable.has(code))) {
    return { kind: 'unavailable', reason, answered, ...(info.delayMs && { retryAfterMs: info.delayMs }) };
  }
  // With headers it is the answer that was too large for the client.
  if (!headers && isTooLarge(code, details)) return { kind: 'bad_data', reason: `${reason}, too large` };
  if (retryable.has(code)) return { kind: 'unavailable', reason, answered };
  if (code === status.INVALID_ARGUMENT || isUnreadable(code, details)) return { kind: 'bad_data', reason };
  if (misdirected.has(code)) return { kind: 'misdirected', reason };
  return { kind: 'refused', reason };
}

/** A web server answers gRPC's path too; the library does not look at the content type. */
function isGrpc(headers: Metadata): boolean {
  const [contentType] = headers.get('content-type');
  return contentType === undefined || contentType.toString().startsWith('application/grpc');
}

/**
 * The client's own statuses: for a stream or a connection that ended, and for one that could not be made, where
 * only `details` tell why.
 */
function answerToSilence(code: status, details: string, reason: string): Answer {
  const silence = { kind: 'unavailable', answered: false } as const;
  if (code === status.DEADLINE_EXCEEDED || code === status.CANCELLED) {
    return { ...silence, reason: 'no answer in time' };
  }
  if (code !== status.UNAVAILABLE) return { ...silence, reason };
  const cause = /Last error: (.*)\. Resolution note/s.exec(details)?.[1];
  if (cause === undefined) return { ...silence, reason: details };
  if (/ERR_TLS_|SSL routines|certificate|Protocol error/.test(cause)) {
    return { kind: 'misdirected', reason: shortCause(cause) };
  }
  return { ...silence, reason: shortCause(cause) };
}

/** `Error: connect ECONNREFUSED 127.0.0.1:1` → the code in it, or what OpenSSL says, or the words without a time. */
function shortCause(cause: string): string {
  const code = /\b(ERR_TLS_\w+|E[A-Z]{4,})\b/.exec(cause)?.[1];
  const openssl = /SSL routines:\w*:([^:]+)/.exec(cause)?.[1];
  return code ?? openssl ?? cause.replace(/^Error: /, '').replace(/ \(\d{4}-[^)]*\)$/, '');
}

/** Servers say it in words: Go and C++, Node, Java and C#, Rust (which has it as OUT_OF_RANGE). */
function isTooLarge(code: status, details: string): boolean {
  if (code !== status.RESOURCE_EXHAUSTED && code !== status.OUT_OF_RANGE) return false;
  return /(larger than|exceeds (the )?max|too large)/i.test(details);
}

/** What HTTP has as 400 is INTERNAL where the decoder of a gRPC library fails: those of Go, Node, Rust, Java. */
function isUnreadable(code: status, details: string): boolean {
  return code === status.INTERNAL && /unmarshal|deserializ|failed to decode|invalid protobuf/i.test(details);
}

function retryInfoOf({ metadata }: ServiceError): RetryInfo | null {
  const [details] = metadata.get('grpc-status-details-bin');
  return Buffer.isBuffer(details) ? readRetryInfo(details) : null;
}

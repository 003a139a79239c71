import { readResponse } from '../../../otlp/response.ts';
import type { Signal } from '../../../otlp/types.ts';
import { retryAfter } from './retry-after.ts';
import type { Answer } from './transport.ts';

export interface HttpResponse {
  status: number;
  contentType: string | undefined;
  retryAfter: string | undefined;
  body: Uint8Array;
}

/** These and no others are worth another try (OTLP/HTTP, "Retryable response codes"). */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Collectors answer 400 also to what is too large for them, which OTLP has as 413. */
const badData: ReadonlySet<number> = new Set([400, 413, 422]);
/** Who asks, or where, is wrong. A redirect too: the user's headers do not go where the user did not send them. */
const misdirected: ReadonlySet<number> = new Set([401, 403, 404, 405, 407]);

/** @param bytes as sent. @param now Unix ms, for a Retry-After that is a date. */
export function answerOf(signal: Signal, response: HttpResponse, bytes: number, now: number): Answer {
  const { status, contentType, body } = response;
  if (status < 200 || status >= 300) return answerToFailure(status, retryAfter(response.retryAfter, now));
  if (isPage(response)) return { kind: 'misdirected', reason: `HTTP ${status} with a web page` };
  return { kind: 'taken', bytes, ...readResponse(signal, contentType, body) };
}

/** @param status that is no success */
export function answerToFailure(status: number, retryAfterMs?: number): Answer {
  const reason = `HTTP ${status}`;
  if (retryable.has(status)) {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { kind: 'unavailable', reason, answered: true, ...wait };
  }
  if (badData.has(status)) return { kind: 'bad_data', reason };
  if (misdirected.has(status) || (status >= 300 && status < 400)) return { kind: 'misdirected', reason };
  return { kind: 'refused', reason };
}

/**
 * A captive portal or a web server that is no collector says 200 too, and shows a page. Receivers of OTLP answer
 * JSON, protobuf, a short text or nothing, some without a content type: all of that is a success by its status,
 * even where it cannot be read.
 */
function isPage({ contentType = '', body }: HttpResponse): boolean {
  if (body.length === 0 || /[/+](json|x-protobuf|protobuf)\b/i.test(contentType)) return false;
  if (/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType)) return true;
  return /^\ufeff?\s*<(!doctype|html|\?xml)/i.test(new TextDecoder().decode(body.subarray(0, 256)));
}

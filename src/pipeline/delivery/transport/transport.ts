import type { Signal } from '../../../otlp/types.ts';
import type { Payload } from '../payload.ts';

/** What became of one attempt to deliver one request. */
export type Answer =
  /** `rejected` records of it were refused for good (partial success); `bytes` as sent. */
  | { kind: 'taken'; bytes: number; rejected: number; message: string }
  /** Worth another try. `answered` is false when there was no answer at all. */
  | { kind: 'unavailable'; reason: string; answered: boolean; retryAfterMs?: number }
  /** Something in it is bad, or it is too large: parts of it may be taken (HTTP 400, 413, 422). */
  | { kind: 'bad_data'; reason: string }
  /** The fault is in the address or the credentials, not in the data: nothing will be taken as things stand (401, 403, 404, redirects). */
  | { kind: 'misdirected'; reason: string }
  /** Refused for good, as OTLP has it: not to be sent again (500 and the like). */
  | { kind: 'refused'; reason: string };

/** How requests reach one collector. */
export interface Transport {
  /** One attempt. Never rejects. */
  export(signal: Signal, payload: Payload, abort: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

import { BoundedReader } from '../../../otlp/size-limit.ts';
import { open } from '../../../otlp/wire.ts';

/** Numbers of the few fields that are needed (google/rpc/status.proto, error_details.proto, google/protobuf/any.proto). */
const numbers = { details: 3, typeUrl: 1, value: 2, retryDelay: 1 };

/** What a collector says of when to come again: `delayMs` is undefined when it leaves that open. */
export interface RetryInfo {
  delayMs: number | undefined;
}

/** Looks for a RetryInfo in a google.rpc.Status, as `grpc-status-details-bin` carries it; null without one. */
export function readRetryInfo(status: Uint8Array): RetryInfo | null {
  try {
    const found = open(status, numbers.details).items.find(isRetryInfo);
    if (found === undefined) return null;
    const info = last(found, numbers.value) ?? new Uint8Array();
    const delay = last(info, numbers.retryDelay);
    return { delayMs: delay && delayOf(delay) };
  } catch {
    return null;
  }
}

function isRetryInfo(any: Uint8Array): boolean {
  return new TextDecoder().decode(last(any, numbers.typeUrl)).endsWith('/google.rpc.RetryInfo');
}

/** Of a field that is there twice the last one counts. */
function last(message: Uint8Array, number: number): Uint8Array | undefined {
  return open(message, number).items.at(-1);
}

/** @param duration a google.protobuf.Duration: seconds and nanoseconds. @returns ms */
function delayOf(duration: Uint8Array): number {
  const reader = new BoundedReader(duration);
  let ms = 0;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag >>> 3 === 1) ms += Number(reader.int64()) * 1000;
    else if (tag >>> 3 === 2) ms += Math.ceil(reader.int32() / 1e6);
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return Math.max(0, ms);
}

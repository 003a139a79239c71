import { type Decoded, malformed } from './decoded.ts';
import type { RepeatedAttributes } from './repeated-attributes.ts';
import { requestTypes } from './schema.ts';
import { BoundedReader } from './size-limit.ts';
import type { ExportRequests, Signal } from './types.ts';

/**
 * Reads an `application/x-protobuf` body. Fields newer than the schema are kept and written again by
 * `encodeProtobuf`, after the known ones of their message. The result refers to `bytes`: leave them as they
 * are.
 * @param repeated makes one object of attributes that are the same, also of those of other requests
 */
export function decodeProtobuf<S extends Signal>(
  signal: S,
  bytes: Uint8Array,
  repeated?: RepeatedAttributes,
): Decoded<S> {
  const reader = new BoundedReader(bytes, repeated);
  reader.discardUnknown = false;
  try {
    return { ok: true, request: requestTypes[signal].decode(reader) as unknown as ExportRequests[S] };
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Writes the body of an `application/x-protobuf` request: fields in the order of their numbers, zero and
 * empty ones left out.
 */
export function encodeProtobuf<S extends Signal>(signal: S, request: ExportRequests[S]): Uint8Array {
  return requestTypes[signal].encode(request).finish();
}

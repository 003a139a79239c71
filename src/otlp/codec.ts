import type { Decoded } from './decoded.ts';
import { decodeJson } from './json.ts';
import { encodingOf } from './media.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { Signal } from './types.ts';

/**
 * Reads the body of an export request (not compressed) by its Content-Type. Never throws, whatever the bytes
 * are.
 */
export function decode<S extends Signal>(
  signal: S,
  contentType: string | undefined,
  bytes: Uint8Array,
): Decoded<S> {
  switch (encodingOf(contentType)) {
    case 'protobuf':
      return decodeProtobuf(signal, bytes);
    case 'json':
      return decodeJson(signal, new TextDecoder().decode(bytes));
    case undefined:
      return { ok: false, kind: 'media_type', reason: `Content-Type ${contentType ?? 'missing'}` };
  }
}

import { type Decoded, malformed } from './decoded.ts';
import { decodeJson } from './json.ts';
import { encodingOf } from './media.ts';
import { type SpanNeeds, withNeededSpans } from './needed-spans.ts';
import { partsOf } from './parts.ts';
import { decodeProtobuf } from './protobuf.ts';
import type { RepeatedAttributes } from './repeated-attributes.ts';
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

/** What is read, understood and written in one go, which takes about a millisecond. Bytes. */
const partLimit = 16 * 1024;

/**
 * The same in parts, each a request of its own: whoever reads it can do something else in between. JSON is one part. Of a
 * damaged body the parts that can be read are there. Never throws.
 * @param repeated as for `decodeProtobuf`
 * @param needs spans that are not needed are left out, of protobuf
 */
export function* decodeInParts<S extends Signal>(
  signal: S,
  contentType: string | undefined,
  bytes: Uint8Array,
  repeated: RepeatedAttributes,
  needs?: SpanNeeds,
): Generator<Decoded<S>> {
  if (encodingOf(contentType) !== 'protobuf') {
    yield decode(signal, contentType, bytes);
    return;
  }
  try {
    const needed = signal === 'traces' && needs ? withNeededSpans(bytes, needs) : bytes;
    for (const part of partsOf(needed, partLimit)) yield decodeProtobuf(signal, part, repeated);
  } catch (error) {
    yield malformed(error instanceof Error ? error.message : String(error));
  }
}

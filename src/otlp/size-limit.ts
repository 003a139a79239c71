import protobuf from 'protobufjs/minimal.js';
import type { RepeatedAttributes } from './repeated-attributes.ts';
import type { KeyValue } from './types.ts';

/**
 * Most fields in one request, in all its messages together, and most brackets and commas in a JSON one. Two bytes
 * on the wire can be an object of a hundred in memory, so a body within its limits could decode to gigabytes,
 * and compressed it is sent in kilobytes. The CLIs' own requests have 25,000 at most, of 7 bytes and more each.
 */
export const fieldLimit = 1_000_000;

/** Reads protobuf as long as there are not too many fields; then it throws. */
export class BoundedReader extends protobuf.BufferReader {
  readonly #repeated: RepeatedAttributes | undefined;
  #left = fieldLimit;

  constructor(bytes: Uint8Array, repeated?: RepeatedAttributes) {
    super(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    this.#repeated = repeated;
  }

  /** Once for each field of each message. */
  override tag(): number {
    this.#count();
    return super.tag();
  }

  override string(): string {
    if (this.#repeated === undefined) return super.string();
    const length = this.size();
    const start = this.pos;
    this.skip(length);
    return this.#repeated.texts.read(this.buf as Buffer, start, this.pos);
  }

  /** The attribute in the next `length` bytes. @param decode reads it where it has not been read before */
  repeatable(length: number, decode: () => KeyValue): KeyValue {
    const start = this.pos;
    const end = start + length;
    if (this.#repeated === undefined || end > this.len) return decode();
    const attribute = this.#repeated.read(this.buf, start, end, decode);
    this.pos = end;
    return attribute;
  }

  /** Elements of packed fields (the buckets of exponential histograms) have no tag. */
  override uint64(): protobuf.Long {
    this.#count();
    return super.uint64();
  }

  #count(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Error('too many fields');
  }
}

/** What is in texts is counted like the rest: program code has a bracket or a comma every 20 characters or so. */
export function hasTooManyFields(json: string): boolean {
  // More cannot be in it.
  if (json.length <= fieldLimit) return false;
  let left = fieldLimit;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === openingBrace || code === openingBracket || code === comma) {
      left -= 1;
      if (left < 0) return true;
    }
  }
  return false;
}

const comma = 0x2c;
const openingBracket = 0x5b;
const openingBrace = 0x7b;

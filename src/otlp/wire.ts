import protobuf from 'protobufjs/minimal.js';
import { BoundedReader } from './size-limit.ts';

/** Field numbers, the same for all signals: the resources of a request, the scopes of a resource, the records of a scope. */
export const numbers = { resources: 1, scopes: 2, records: 2 };

/** The wire type of fields that tell their length. */
export const delimited = 2;

/** One message on the wire, with the values of one of its fields apart from what is around them. */
export interface Opened {
  /** Fields with their tags. */
  around: Uint8Array[];
  items: Uint8Array[];
}

/** @throws protobufjs's error where the bytes are no message. */
export function open(message: Uint8Array, number: number): Opened {
  const reader = new BoundedReader(message);
  const opened: Opened = { around: [], items: [] };
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.tag();
    if (tag >>> 3 === number && (tag & 7) === delimited) {
      opened.items.push(reader.bytes());
    } else {
      reader.skipType(tag & 7, 0, tag >>> 3);
      opened.around.push(reader.raw(start, reader.pos));
    }
  }
  return opened;
}

/** The message that has these items, behind what was around them. */
export function closed(
  around: readonly Uint8Array[],
  number: number,
  items: readonly Uint8Array[],
): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const field of around) writer.raw(field);
  for (const item of items) writer.uint32((number << 3) | delimited).bytes(item);
  return writer.finish();
}

import type LongClass from 'long';
import protobuf from 'protobufjs/minimal.js';

/**
 * The 64-bit integer of the decoder: exact where a JavaScript number is not. Taken from protobufjs instead of
 * the package `long`, whose CommonJS and ESM builds would be two classes in one process. The cast: protobufjs
 * types it by its three fields.
 */
export const Long = protobuf.util.Long as unknown as typeof LongClass;
export type Long = LongClass;

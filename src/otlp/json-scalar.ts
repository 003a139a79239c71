import { bytesFromHex, hex } from './hex.ts';
import type { Int64 } from './int64.ts';
import { Long } from './long.ts';
import type { Field } from './message-type.ts';

/** A value that its field cannot hold. The reader of the message adds which field it was. */
export class UnfitValue extends Error {}

/** What a scalar field holds in memory. */
export type Scalar = string | number | boolean | Long | Uint8Array;

/** Ids are hex in OTLP/JSON, all other bytes base64 (OTLP specification, "JSON Protobuf Encoding"). */
const hexFields: ReadonlySet<string> = new Set(['traceId', 'spanId', 'parentSpanId']);

const int32Ranges: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-0x80000000, 0x7fffffff],
  sint32: [-0x80000000, 0x7fffffff],
  uint32: [0, 0xffffffff],
  fixed32: [0, 0xffffffff],
};

const int64Types: ReadonlySet<string> = new Set(['int64', 'uint64', 'fixed64', 'sfixed64']);

/** The length of 18446744073709551615 and of -9223372036854775808. */
const longestInt64 = 20;

const loneSurrogate = /\p{Surrogate}/u;
const decimal = /^-?\d+$/;
const numeric = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * Reads one JSON value, neither null nor missing. `undefined` for an enum name that this schema does not
 * know.
 * @param type of the value; in a field of packed numbers another than the field's.
 */
export function readScalar(field: Field, json: unknown, type = field.type): Scalar | undefined {
  if (field.values !== null) return readEnum(field.values, json);
  switch (type) {
    case 'string':
      return readString(json);
    case 'bytes':
      return readBytes(field.name, json);
    case 'bool':
      return readBool(json);
    case 'double':
      return readDouble(json);
    case 'int64':
    case 'sfixed64':
      return readInt64(json, false);
    case 'uint64':
    case 'fixed64':
      return readInt64(json, true);
    default:
      return readInt32(type, json);
  }
}

/** Writes one value as strict OTLP/JSON has it: 64-bit integers as decimal strings, enums as numbers. */
export function writeScalar(field: Field, value: Scalar): string | number | boolean {
  if (value instanceof Uint8Array) {
    return hexFields.has(field.name) ? hex(value) : Buffer.from(value).toString('base64');
  }
  if (int64Types.has(field.type) || Long.isLong(value)) return Long.fromValue(value as Int64).toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as string | number | boolean;
}

function readEnum(values: Readonly<Record<string, number>>, json: unknown): number | undefined {
  if (typeof json === 'string' && !numeric.test(json))
    return Object.hasOwn(values, json) ? values[json] : undefined;
  return readInt32('int32', json);
}

/**
 * A string cut inside a character (half a surrogate pair) has no UTF-8 form: repaired to U+FFFD, as the SDKs'
 * encoders do.
 */
function readString(json: unknown): string {
  if (typeof json !== 'string') throw new UnfitValue('not a string');
  return loneSurrogate.test(json) ? Buffer.from(json).toString() : json;
}

function readBytes(name: string, json: unknown): Uint8Array {
  if (typeof json !== 'string') throw new UnfitValue('not a string');
  if (!hexFields.has(name)) return Buffer.from(json, 'base64');
  const bytes = bytesFromHex(json);
  if (bytes === undefined) throw new UnfitValue('not hex');
  return bytes;
}

function readBool(json: unknown): boolean {
  if (json === true || json === 'true') return true;
  if (json === false || json === 'false') return false;
  throw new UnfitValue('not a boolean');
}

function readDouble(json: unknown): number {
  if (typeof json === 'number') return json;
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
  if (typeof json === 'string' && numeric.test(json)) return Number(json);
  throw new UnfitValue('not a number');
}

function readInt32(type: string, json: unknown): number {
  const value = readDouble(json);
  const [least, most] = int32Ranges[type] ?? [0, 0];
  if (!Number.isInteger(value) || value < least || value > most) throw new UnfitValue(`not ${type}`);
  return value;
}

/**
 * Exact from a decimal string. A JSON number is cut to an integer in range: SDKs send `1e300` and, for int
 * metrics, `1.5`.
 */
function readInt64(json: unknown, unsigned: boolean): Long {
  if (typeof json === 'string' && decimal.test(json)) return readDecimal(json, unsigned);
  const value = readDouble(json);
  if (!Number.isFinite(value)) throw new UnfitValue('not an integer');
  return Long.fromNumber(value, unsigned);
}

function readDecimal(digits: string, unsigned: boolean): Long {
  // Checked first: a BigInt of a megabyte of digits takes seconds.
  if (digits.length > longestInt64) throw new UnfitValue('beyond 64 bits');
  const value = Long.fromString(digits, unsigned);
  // Long wraps around in silence.
  if (BigInt(digits) !== value.toBigInt()) throw new UnfitValue('beyond 64 bits');
  return value;
}

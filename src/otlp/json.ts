import protobuf from 'protobufjs/minimal.js';
import { type Decoded, malformed, type Undecodable } from './decoded.ts';
import type { Int64 } from './int64.ts';
import { readScalar, type Scalar, UnfitValue, writeScalar } from './json-scalar.ts';
import { Long } from './long.ts';
import type { Elements, Field, Message, MessageType } from './message-type.ts';
import { packDoubles, packInts, unpackDoubles, unpackInts } from './packed-numbers.ts';
import { requestTypes } from './schema.ts';
import { hasTooManyFields } from './size-limit.ts';
import type { ExportRequests, Signal } from './types.ts';

/**
 * Reads an OTLP/JSON body into the same structure as its protobuf form. Lenient where exporters differ:
 * integers as numbers or strings, enums as numbers or names, `null` like a missing member, unknown members
 * and names ignored. A value of a wrong type and nesting deeper than protobuf allows make it malformed.
 */
export function decodeJson<S extends Signal>(signal: S, text: string): Decoded<S> {
  const parsed = parseMessage(requestTypes[signal], text);
  return parsed.ok ? { ok: true, request: parsed.message as unknown as ExportRequests[S] } : parsed;
}

/** Writes OTLP/JSON. Fields newer than the schema have no JSON name and are left out. */
export function encodeJson<S extends Signal>(signal: S, request: ExportRequests[S]): string {
  return JSON.stringify(writeMessage(requestTypes[signal], request as unknown as Message));
}

/** Reads JSON as any message of the schema. */
export function parseMessage(type: MessageType, text: string): { ok: true; message: Message } | Undecodable {
  if (hasTooManyFields(text)) return malformed('too many fields');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The engine's message quotes the text, which may be a prompt.
    return malformed('not JSON');
  }
  try {
    return { ok: true, message: readMessage(type, json, 0) };
  } catch (error) {
    if (error instanceof UnfitValue) return malformed(error.message);
    throw error;
  }
}

/**
 * Reads the members that the schema names and looks at no other, so that `__proto__` is one more unknown
 * member.
 */
function readMessage(type: MessageType, json: unknown, depth: number): Message {
  if (!isObject(json)) throw new UnfitValue(`${type.name}: not an object`);
  // The limit of protobufjs itself: what is read here can be written as protobuf.
  if (depth > protobuf.util.recursionLimit) throw new UnfitValue(`${type.name}: nested too deeply`);
  const message = type.create();
  for (const field of type.fields) {
    const member = json[field.name];
    if (member === undefined || member === null) continue;
    // The getter under a oneof's name tells which member is set: the first one wins.
    if (field.oneof !== null && message[field.oneof] !== undefined) continue;
    const value = readMember(field, member, depth);
    if (value === undefined || (!field.repeated && !field.hasPresence && isDefault(value))) continue;
    message[field.name] = value;
  }
  return message;
}

function readMember(field: Field, json: unknown, depth: number): unknown {
  if (field.repeated) return readArray(field, json, depth);
  switch (field.elements) {
    case 'fixed64':
      return packInts(readArray(field, json, depth, 'fixed64') as Int64[]);
    case 'double':
      return packDoubles(readArray(field, json, depth, 'double') as number[]);
    case null:
      return readValue(field, json, depth);
  }
}

function readArray(field: Field, json: unknown, depth: number, type?: Elements): unknown[] {
  if (!Array.isArray(json)) throw new UnfitValue(`${nameOf(field)}: not an array`);
  const values: unknown[] = [];
  for (const element of json) {
    if (element === null) continue;
    const value = readValue(field, element, depth, type);
    if (value !== undefined) values.push(value);
  }
  return values;
}

function readValue(field: Field, json: unknown, depth: number, type?: Elements): unknown {
  if (field.message !== null) return readMessage(field.message, json, depth + 1);
  try {
    return readScalar(field, json, type);
  } catch (error) {
    if (error instanceof UnfitValue) throw new UnfitValue(`${nameOf(field)}: ${error.message}`);
    throw error;
  }
}

function writeMessage(type: MessageType, message: Message): Message {
  const json: Message = {};
  for (const field of type.fields) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (field.repeated) {
      const values = value as unknown[];
      if (values.length > 0) json[field.name] = values.map((element) => writeValue(field, element));
    } else if (field.hasPresence || !isDefault(value)) {
      json[field.name] = writeValue(field, value);
    }
  }
  return json;
}

function writeValue(field: Field, value: unknown): unknown {
  if (field.message !== null) return writeMessage(field.message, value as Message);
  switch (field.elements) {
    case 'fixed64':
      return unpackInts(value as Uint8Array).map((element) => writeScalar(field, element));
    case 'double':
      return unpackDoubles(value as Uint8Array).map((element) => writeScalar(field, element));
    case null:
      return writeScalar(field, value as Scalar);
  }
}

/** Zero, `false` and empty: in proto3 the same as absent, unless the field knows presence. */
function isDefault(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.length === 0;
  if (Long.isLong(value)) return value.isZero();
  return value === 0 || value === false || value === '';
}

function isObject(json: unknown): json is Message {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function nameOf({ parent, name }: Field): string {
  return `${parent}.${name}`;
}

import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs/light.js';
import { describe, expect, test, vi } from 'vitest';
import { otlpDefinitions } from '../../scripts/otlp-definitions.mjs';
import { bundle, load } from '../../scripts/typescript.mjs';
import { definitions } from '../../src/otlp/definitions.ts';
import { decodeJson, encodeJson } from '../../src/otlp/json.ts';
import { type Definition, typesOf } from '../../src/otlp/message-type.ts';
import type { Signal } from '../../src/otlp/types.ts';
import { comparable, decoded } from '../unit/otlp/comparable.ts';
import { messageOf, newerSchema, requestOf, requestTypeIn, schemaOf } from './otlp-arbitrary.ts';

// Messages of nine levels take long to make up.
vi.setConfig({ testTimeout: 60_000 });

const signals: Signal[] = ['logs', 'traces', 'metrics'];
const schema = schemaOf();

const written = await built<typeof import('../../src/otlp/definitions.ts')>('src/otlp/definitions.ts');
const typeNamed = typesOf(written.definitions);

function built<T>(entry: string): Promise<T> {
  return load<T>(entry, [otlpDefinitions]);
}

/** Keeps fields it does not know, as the codec does. */
function readerOf(bytes: Uint8Array): protobuf.Reader {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  return reader;
}

describe('what the build has written down', () => {
  test('needs no reflection', async () => {
    const file = await bundle('src/otlp/codec.ts', [otlpDefinitions]);
    const text = readFileSync(file, 'utf8');
    rmSync(dirname(file), { recursive: true });
    expect(text).toContain('// node_modules/protobufjs/src/reader.js');
    expect(text).not.toContain('// node_modules/protobufjs/src/type.js');
    expect(text).not.toContain('Function(');
  });

  test('are the same messages, fields and oneofs', () => {
    const told = (all: Readonly<Record<string, Definition>>) =>
      Object.entries(all).map(([fullName, { name, fields, oneofs }]) => ({ fullName, name, fields, oneofs }));
    expect(told(written.definitions)).toEqual(told(definitions));
  });

  test.each(Object.keys(definitions))('makes the same new %s', (fullName) => {
    const made = typeNamed(fullName).create();
    expect(comparable(made)).toEqual(comparable(schema.lookupType(fullName).create()));
  });

  test('keeps the same member of a oneof, whichever came in which order', () => {
    const reference = schema.lookupType('.opentelemetry.proto.common.v1.AnyValue');
    const type = typeNamed(reference.fullName);
    fc.assert(
      fc.property(fc.array(messageOf(reference, 7), { maxLength: 4 }), (values) => {
        // Messages one after the other are one message.
        const bytes = Buffer.concat(values.map((value) => reference.encode(value).finish()));
        const read = type.decode(readerOf(bytes));
        const expected = reference.decode(readerOf(bytes));
        expect(comparable(read)).toEqual(comparable(expected));
        expect(read['value']).toBe(Object(expected).value);
      }),
    );
  });
});

describe.each(signals)('what the build has written down, of any %s request', (signal) => {
  const reference = requestTypeIn(schema, signal);
  const type = typeNamed(reference.fullName);

  test('writes and reads the same protobuf', () => {
    fc.assert(
      fc.property(messageOf(reference), (request) => {
        const body = reference.encode(request).finish();
        expect(Buffer.compare(type.encode(request).finish(), body)).toBe(0);
        expect(comparable(type.decode(readerOf(body)))).toEqual(comparable(reference.decode(readerOf(body))));
      }),
    );
  });

  test('keeps the same fields of a newer schema', () => {
    const newer = requestTypeIn(newerSchema(), signal);
    fc.assert(
      fc.property(messageOf(newer), (request) => {
        const body = newer.encode(request).finish();
        const again = type.encode(type.decode(readerOf(body))).finish();
        const expected = reference.encode(reference.decode(readerOf(body))).finish();
        expect(Buffer.compare(again, expected)).toBe(0);
      }),
    );
  });

  test('writes and reads the same JSON', async () => {
    const json = await built<typeof import('../../src/otlp/json.ts')>('src/otlp/json.ts');
    fc.assert(
      fc.property(requestOf(signal), (request) => {
        const text = encodeJson(signal, request as never);
        expect(json.encodeJson(signal, request as never)).toBe(text);
        const read = decoded(json.decodeJson(signal, text));
        expect(comparable(read)).toEqual(comparable(decoded(decodeJson(signal, text))));
      }),
    );
  });
});

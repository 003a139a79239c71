import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decode, decodeInParts } from '../../src/otlp/codec.ts';
import { decodeJson, encodeJson } from '../../src/otlp/json.ts';
import { Long } from '../../src/otlp/long.ts';
import { partsOf } from '../../src/otlp/parts.ts';
import { decodeProtobuf, encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { RepeatedAttributes } from '../../src/otlp/repeated-attributes.ts';
import { readResponse } from '../../src/otlp/response.ts';
import { msFromNanos } from '../../src/otlp/time.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { comparable, decoded } from '../unit/otlp/comparable.ts';
import { contextsOf } from '../unit/pipeline/delivery/record-contexts.ts';
import { int64, messageOf, newerSchema, requestOf, requestTypeIn } from './otlp-arbitrary.ts';

// Messages of nine levels take long to make up.
vi.setConfig({ testTimeout: 60_000 });

const signals: Signal[] = ['logs', 'traces', 'metrics'];

describe.each(signals)('any %s request', (signal) => {
  test('is the same after protobuf', () => {
    fc.assert(
      fc.property(requestOf(signal), (request) => {
        const again = decoded(decodeProtobuf(signal, encodeProtobuf(signal, request)));
        expect(comparable(again)).toEqual(comparable(request));
      }),
    );
  });

  test('is the same after JSON', () => {
    fc.assert(
      fc.property(requestOf(signal), (request) => {
        const again = decoded(decodeJson(signal, encodeJson(signal, request)));
        expect(comparable(again)).toEqual(comparable(request));
      }),
    );
  });

  test('of a newer schema comes out with the fields that only that schema knows', () => {
    const newer = requestTypeIn(newerSchema(), signal);
    fc.assert(
      fc.property(messageOf(newer), (request) => {
        const passed = decoded(decodeProtobuf(signal, newer.encode(request).finish()));
        const arrived = newer.decode(encodeProtobuf(signal, passed));
        expect(comparable(arrived)).toEqual(comparable(request));
      }),
    );
  });

  test('cut into parts has the same records, and around them what was there, of newer schemas too', () => {
    const newer = requestTypeIn(newerSchema(), signal);
    const read = (body: Uint8Array) => newer.decode(body) as unknown as ExportRequest;
    fc.assert(
      fc.property(messageOf(newer), fc.integer({ min: 1, max: 2000 }), (request, limit) => {
        const body = newer.encode(request).finish();
        const parts = [...partsOf(body, limit)];
        expect(parts.flatMap((part) => contextsOf(read(part)))).toEqual(contextsOf(read(body)));
        // Each part comes through the codec like the whole would.
        for (const part of parts) {
          const passed = decoded(decodeProtobuf(signal, part));
          expect(contextsOf(read(encodeProtobuf(signal, passed)))).toEqual(contextsOf(read(part)));
        }
      }),
    );
  });

  test('is the same where its attributes were read before, of newer schemas too', () => {
    const newer = requestTypeIn(newerSchema(), signal);
    const repeated = new RepeatedAttributes();
    fc.assert(
      fc.property(messageOf(newer), (request) => {
        const body = newer.encode(request).finish();
        for (let time = 0; time < 3; time += 1) {
          const passed = decoded(decodeProtobuf(signal, body, repeated));
          expect(comparable(passed)).toEqual(comparable(decoded(decodeProtobuf(signal, body))));
          expect(comparable(newer.decode(encodeProtobuf(signal, passed)))).toEqual(comparable(request));
        }
      }),
    );
  });

  test('is read or refused, but never throws, with any bytes changed', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 5,
    });
    const repeated = new RepeatedAttributes();
    fc.assert(
      fc.property(requestOf(signal), damage, fc.nat(), (request, changes, length) => {
        const protobufBody = damaged(encodeProtobuf(signal, request), changes, length);
        const jsonBody = damaged(Buffer.from(encodeJson(signal, request)), changes, length);
        expect(decode(signal, 'application/x-protobuf', protobufBody).ok).toBeTypeOf('boolean');
        expect(() => [
          ...decodeInParts(signal, 'application/x-protobuf', protobufBody, repeated),
        ]).not.toThrow();
        expect(decode(signal, 'application/json', jsonBody).ok).toBeTypeOf('boolean');
      }),
    );
  });

  test('is read or refused with any values changed in its JSON, and what is read can be written', () => {
    const strange = fc.oneof(
      fc.constantFrom('', '0', '-1', 'NaN', '1e400', 'abcd', null, true, -1, 1.5, 1e300, '\ud83d', {}, []),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const changes = fc.array(fc.tuple(fc.nat(), strange), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(requestOf(signal), changes, (request, values) => {
        const json = replaced(JSON.parse(encodeJson(signal, request)), values);
        const result = decodeJson(signal, JSON.stringify(json));
        if (!result.ok) return;
        const again = decoded(decodeProtobuf(signal, encodeProtobuf(signal, result.request)));
        expect(comparable(again)).toEqual(comparable(result.request));
      }),
      { numRuns: 300 },
    );
  });
});

test('64-bit integers are exact in both encodings', () => {
  fc.assert(
    fc.property(int64(false), int64(true), (intValue, timeUnixNano) => {
      const record = { timeUnixNano, body: { intValue }, attributes: [] };
      const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
      const texts = [
        decoded(decodeProtobuf('logs', encodeProtobuf('logs', request))),
        decoded(decodeJson('logs', encodeJson('logs', request))),
      ].map(({ resourceLogs }) => {
        const read = resourceLogs[0]?.scopeLogs[0]?.logRecords[0];
        return [read?.body?.intValue?.toString(), (read?.timeUnixNano ?? 0).toString()];
      });
      const expected = [intValue.toString(), timeUnixNano.toString()];
      expect(texts).toEqual([expected, expected]);
    }),
  );
});

test('random bytes never throw', () => {
  const contentType = fc.constantFrom('application/x-protobuf', 'application/json', 'text/plain', undefined);
  fc.assert(
    fc.property(
      fc.constantFrom(...signals),
      contentType,
      fc.uint8Array({ maxLength: 200 }),
      (signal, type, bytes) => {
        expect(decode(signal, type, bytes).ok).toBeTypeOf('boolean');
        expect(readResponse(signal, type, bytes).rejected).toBeTypeOf('number');
      },
    ),
    { numRuns: 2000 },
  );
});

test('times keep their microseconds', () => {
  const micros = fc.integer({ min: 1, max: 4_102_444_800_000_000 });
  fc.assert(
    fc.property(micros, (value) => {
      expect(msFromNanos(Long.fromString(`${value}000`, true))).toBeCloseTo(value / 1000, 3);
    }),
    { numRuns: 1000 },
  );
});

function damaged(bytes: Uint8Array, changes: [number, number][], length: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const [position, byte] of changes) if (copy.length > 0) copy[position % copy.length] = byte;
  return length % 3 === 0 ? copy.subarray(0, length % (copy.length + 1)) : copy;
}

/** Puts other values in the place of some members or elements, wherever they stand. */
function replaced(json: unknown, changes: [number, unknown][]): unknown {
  for (const [position, value] of changes) {
    const slots = slotsIn(json);
    const slot = slots[position % slots.length];
    if (slot !== undefined) slot.holder[slot.key] = value;
  }
  return json;
}

interface Slot {
  holder: Record<string, unknown>;
  key: string;
}

function slotsIn(json: unknown): Slot[] {
  if (typeof json !== 'object' || json === null) return [];
  const holder = json as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...slotsIn(holder[key])]);
}

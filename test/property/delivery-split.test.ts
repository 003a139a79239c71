import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { countRecords } from '../../src/otlp/count.ts';
import { decodeProtobuf, encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { fitting, halve, halves } from '../../src/pipeline/delivery/split.ts';
import { comparable, decoded } from '../unit/otlp/comparable.ts';
import { contextsOf } from '../unit/pipeline/delivery/record-contexts.ts';
import { requestOf } from './otlp-arbitrary.ts';

// Messages of nine levels take long to make up.
vi.setConfig({ testTimeout: 60_000 });

const anyRequest = fc
  .constantFrom<Signal>('logs', 'traces', 'metrics')
  .chain((signal) => requestOf(signal).map((request) => ({ signal, request })));

/** Halved until each part has one record. */
function singles(signal: Signal, request: ExportRequest): ExportRequest[] {
  const pair = halve(signal, request as never);
  return pair ? [...singles(signal, pair[0]), ...singles(signal, pair[1])] : [request];
}

test('halves together are the whole, and about the same size', () => {
  fc.assert(
    fc.property(anyRequest, ({ signal, request }) => {
      const before = comparable(request);
      const records = countRecords(signal, request as never);
      const pair = halve(signal, request as never);
      expect(comparable(request)).toEqual(before);
      expect(pair === null).toBe(records < 2);
      if (!pair) return;
      expect(countRecords(signal, pair[0])).toBe(Math.ceil(records / 2));
      expect(countRecords(signal, pair[1])).toBe(Math.floor(records / 2));
      expect(pair.flatMap((half) => contextsOf(half))).toEqual(contextsOf(request));
    }),
  );
});

test('down to single records nothing is lost, doubled or moved', () => {
  fc.assert(
    fc.property(anyRequest, ({ signal, request }) => {
      const parts = singles(signal, request);
      expect(parts.every((part) => countRecords(signal, part as never) <= 1)).toBe(true);
      expect(parts.flatMap((part) => contextsOf(part))).toEqual(contextsOf(request));
    }),
  );
});

test('parts fit, but for single records, and hold what the whole does after the wire', () => {
  fc.assert(
    fc.property(anyRequest, fc.integer({ min: 1, max: 5000 }), ({ signal, request }, limit) => {
      const whole = decoded(decodeProtobuf(signal, encodeProtobuf(signal, request as never)));
      const records = countRecords(signal, request as never);
      const parts = fitting(signal, request, records, limit);
      for (const part of parts) expect(part.body.length <= limit || part.records <= 1).toBe(true);
      const requests = parts.map(({ body }) => decoded(decodeProtobuf(signal, body)));
      expect(parts.map((part) => part.records)).toEqual(
        requests.map((part) => countRecords(signal, part as never)),
      );
      expect(requests.flatMap((part) => contextsOf(part))).toEqual(contextsOf(whole));
    }),
  );
});

test('halves of any bytes are null, or requests', () => {
  fc.assert(
    fc.property(fc.constantFrom<Signal>('logs', 'traces', 'metrics'), fc.uint8Array(), (signal, bytes) => {
      for (const half of halves(signal, bytes) ?? []) {
        expect(countRecords(signal, decoded(decodeProtobuf(signal, half.body)))).toBe(half.records);
      }
    }),
  );
});

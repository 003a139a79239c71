import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { otlpCoders } from '../../scripts/otlp-coders.mjs';
import { bundle } from '../../scripts/typescript.mjs';
import { decodeProtobuf, encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { requestTypes } from '../../src/otlp/schema.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { comparable, decoded } from '../unit/otlp/comparable.ts';
import { messageOf } from './otlp-arbitrary.ts';

// Messages of nine levels take long to make up.
vi.setConfig({ testTimeout: 60_000 });

const file = await bundle('src/otlp/protobuf.ts', [otlpCoders]);
const built: typeof import('../../src/otlp/protobuf.ts') = await import(pathToFileURL(file).href);

test('the build has written functions down', () => {
  expect(readFileSync(file, 'utf8')).toContain('".opentelemetry.proto.logs.v1.LogRecord":');
});

const signals: Signal[] = ['logs', 'traces', 'metrics'];

describe.each(signals)('of any %s request', (signal) => {
  const requests = messageOf(requestTypes[signal]) as unknown as fc.Arbitrary<ExportRequest>;

  test('the functions that the build has written down write and read the same', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const body = encodeProtobuf(signal, request);
        expect(Buffer.compare(built.encodeProtobuf(signal, request), body)).toBe(0);
        const read = decoded(built.decodeProtobuf(signal, body));
        expect(comparable(read)).toEqual(comparable(decoded(decodeProtobuf(signal, body))));
      }),
    );
  });
});

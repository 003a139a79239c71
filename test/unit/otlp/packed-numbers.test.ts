import protobuf from 'protobufjs/light.js';
import { expect, test } from 'vitest';
import { Long } from '../../../src/otlp/long.ts';
import {
  addPackedInts,
  packDoubles,
  packInts,
  unpackDoubles,
  unpackInts,
} from '../../../src/otlp/packed-numbers.ts';

const most = Long.MAX_UNSIGNED_VALUE;

test('numbers are packed as protobuf packs them', () => {
  const ints = [0, 7, Number.MAX_SAFE_INTEGER, most];
  const doubles = [0, -1.5, 1e300, Number.POSITIVE_INFINITY];
  const writer = protobuf.Writer.create();
  for (const value of ints) writer.fixed64(value);
  for (const value of doubles) writer.double(value);
  expect(Buffer.concat([packInts(ints), packDoubles(doubles)])).toEqual(Buffer.from(writer.finish()));
});

test('they are read wherever they begin, and a rest that is no number is none', () => {
  const bytes = (packed: Uint8Array) =>
    Buffer.concat([Buffer.from('abc'), packed, Buffer.from('abc')]).subarray(3);
  expect(unpackInts(bytes(packInts([1, most]))).map(String)).toEqual(['1', '18446744073709551615']);
  expect(unpackDoubles(bytes(packDoubles([0.1, Number.NaN])))).toEqual([0.1, Number.NaN]);
  expect(unpackInts(Buffer.from('abc'))).toEqual([]);
});

test('integers are added exactly, in 64 bits, and neither addend changes', () => {
  const a = packInts([0, 1, 0xffff_ffff, Number.MAX_SAFE_INTEGER, most]);
  const b = packInts([0, 2, 1, Number.MAX_SAFE_INTEGER, 3]);
  const before = [Buffer.from(a), Buffer.from(b)];
  expect(unpackInts(addPackedInts(a, b)).map(String)).toEqual([
    '0',
    '3',
    '4294967296',
    '18014398509481982',
    '2',
  ]);
  expect([Buffer.from(a), Buffer.from(b)]).toEqual(before);
});

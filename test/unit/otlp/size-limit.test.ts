import { describe, expect, test } from 'vitest';
import { decode } from '../../../src/otlp/codec.ts';
import { encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import { fieldLimit, hasTooManyFields } from '../../../src/otlp/size-limit.ts';

const protobuf = 'application/x-protobuf';
const json = 'application/json';
const tooMany = { ok: false, kind: 'malformed', reason: 'too many fields' };

describe('protobuf', () => {
  /** Each an empty message: a tag and a length of zero. */
  const resources = (count: number) => Buffer.alloc(2 * count, '\n\0');

  test('may have as many fields as the limit says', () => {
    expect(decode('logs', protobuf, resources(fieldLimit))).toMatchObject({ ok: true });
    expect(decode('logs', protobuf, resources(fieldLimit + 1))).toEqual(tooMany);
  });

  test('with a great many numbers that stay packed takes no more memory than bytes', () => {
    const bucketCounts = Buffer.alloc(8 * (fieldLimit + 1));
    const metrics = [{ histogram: { dataPoints: [{ bucketCounts }] } }];
    const body = encodeProtobuf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } as never);
    expect(decode('metrics', protobuf, body)).toMatchObject({ ok: true });
  });

  test('with too many elements in variable-length buckets is refused', () => {
    const positive = { bucketCounts: Array.from({ length: fieldLimit }, () => 1) };
    const metrics = [{ exponentialHistogram: { dataPoints: [{ positive }] } }];
    const body = encodeProtobuf('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } as never);
    expect(decode('metrics', protobuf, body)).toEqual(tooMany);
  });
});

describe('JSON', () => {
  test('may have as many brackets and commas as the limit says', () => {
    const few = `{"resourceLogs":[${'{},'.repeat(fieldLimit / 2 - 2)}{}]}`;
    expect(hasTooManyFields(few)).toBe(false);
    expect(decode('logs', json, Buffer.from(few))).toMatchObject({ ok: true });
    expect(decode('logs', json, Buffer.from(few.replace('{}]', '{},{}]')))).toEqual(tooMany);
  });

  test('may be long when it is text', () => {
    const text = 'x'.repeat(2 * fieldLimit);
    expect(decode('logs', json, Buffer.from(JSON.stringify({ text })))).toMatchObject({ ok: true });
  });
});

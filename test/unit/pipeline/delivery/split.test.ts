import { expect, test } from 'vitest';
import { Long } from '../../../../src/otlp/long.ts';
import { decodeProtobuf, encodeProtobuf } from '../../../../src/otlp/protobuf.ts';
import type { ExportMetricsServiceRequest } from '../../../../src/otlp/types.ts';
import { fitting, halve, halves } from '../../../../src/pipeline/delivery/split.ts';
import { comparable, decoded } from '../../otlp/comparable.ts';
import { named, namesOf } from './named-records.ts';

test('an odd number leaves the first half with one more', () => {
  const [first, second] = halve('logs', named('logs', ['a', 'b', 'c']) as never) ?? [];
  expect(first && namesOf(first)).toEqual(['a', 'b']);
  expect(second && namesOf(second)).toEqual(['c']);
});

test('points of one metric are divided, and each half tells all about it', () => {
  const point = (value: number) => ({ asInt: Long.fromString(`${value}`), attributes: [], exemplars: [] });
  const sum = { aggregationTemporality: 2, isMonotonic: true };
  const request = (...values: number[]): ExportMetricsServiceRequest => ({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'x' } }], entityRefs: [] },
        schemaUrl: 'of the resource',
        scopeMetrics: [
          {
            scope: { name: 'meter', attributes: [] },
            schemaUrl: 'of the scope',
            metrics: [
              { name: 'tokens', unit: '1', metadata: [], sum: { ...sum, dataPoints: values.map(point) } },
            ],
          },
        ],
      },
    ],
  });
  const pair = halve('metrics', request(1, 2, 3, 4));
  expect(pair?.map(comparable)).toEqual([comparable(request(1, 2)), comparable(request(3, 4))]);
});

test('fields newer than the schema are in both halves', () => {
  // Field 99, a varint of 7: of the request, of the resource and of its scope.
  const unknown = Buffer.from([0x98, 0x06, 7]);
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const record = (name: string) => Buffer.concat([field(12, Buffer.from(name)), unknown]);
  const message = (...names: string[]) => {
    const scope = Buffer.concat([...names.map((name) => field(2, record(name))), unknown]);
    return Buffer.concat([field(1, Buffer.concat([field(2, scope), unknown])), unknown]);
  };
  const pair = halves('logs', message('a', 'b'));
  expect(pair?.map(({ body }) => Buffer.from(body))).toEqual([message('a'), message('b')]);
});

test.each(['logs', 'traces', 'metrics'] as const)('%s are split at the limit, in their order', (signal) => {
  const names = Array.from({ length: 100 }, (_, i) => `record ${i}`);
  const parts = fitting(signal, named(signal, names), 100, 500);
  expect(parts.length).toBeGreaterThan(3);
  expect(Math.max(...parts.map(({ body }) => body.length))).toBeLessThanOrEqual(500);
  expect(parts.flatMap(({ body }) => namesOf(decoded(decodeProtobuf(signal, body))))).toEqual(names);
});

test('what fits is one part, encoded as it is', () => {
  const request = named('logs', ['a', 'b']);
  const body = encodeProtobuf('logs', request as never);
  expect(fitting('logs', request, 2, body.length)).toEqual([{ body, records: 2 }]);
  expect(fitting('logs', request, 2, body.length - 1)).toHaveLength(2);
});

test('a single record beyond the limit is a part alone', () => {
  const parts = fitting('logs', named('logs', ['a', 'b'.repeat(1000), 'c']), 3, 100);
  expect(parts.map(({ records }) => records)).toEqual([1, 1, 1]);
});

test('a request without records has no halves', () => {
  expect(halve('logs', { resourceLogs: [] })).toBeNull();
  expect(halves('logs', new Uint8Array())).toBeNull();
});

import { expect, test } from 'vitest';
import { decodeProtobuf, encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import { RepeatedAttribute, RepeatedAttributes } from '../../../src/otlp/repeated-attributes.ts';
import type { KeyValue } from '../../../src/otlp/types.ts';
import { comparable, decoded } from './comparable.ts';

function requestOf(...records: KeyValue[][]) {
  const logRecords = records.map((attributes) => ({ attributes }));
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

/** Reads the request, and gives the attributes of each of its records. */
function read(request: ReturnType<typeof requestOf>, repeated = new RepeatedAttributes()) {
  const again = decoded(decodeProtobuf('logs', encodeProtobuf('logs', request), repeated));
  expect(comparable(again)).toEqual(request);
  expect(encodeProtobuf('logs', again)).toEqual(encodeProtobuf('logs', request));
  return again.resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ attributes }) => attributes)),
  );
}

const model: KeyValue = { key: 'model', value: { stringValue: 'gpt-5.5' } };

test('is one object from the second time on, also in the next request', () => {
  const repeated = new RepeatedAttributes();
  const [[first], [second], [third]] = read(requestOf([model], [model], [model]), repeated) as [
    [KeyValue],
    [KeyValue],
    [KeyValue],
  ];
  expect(second).not.toBe(first);
  expect(third).toBe(second);
  expect(read(requestOf([model]), repeated)).toEqual([[second]]);
  expect(read(requestOf([model]), repeated)[0]?.[0]).toBe(second);
});

test.each<[string, KeyValue]>([
  ['an integer', { key: 'n', value: { intValue: 5 } }],
  ['a double', { key: 'n', value: { doubleValue: 0.5 } }],
  ['a boolean', { key: 'n', value: { boolValue: false } }],
  ['an empty text', { key: 'n', value: { stringValue: '' } }],
  ['an empty value', { key: 'n', value: {} }],
])('%s comes out as it came', (_, attribute) => {
  const repeated = new RepeatedAttributes();
  const bytes = encodeProtobuf('logs', requestOf([attribute], [attribute], [attribute]));
  const again = decoded(decodeProtobuf('logs', bytes, repeated));
  const [scope] = again.resourceLogs[0]?.scopeLogs ?? [];
  const last = scope?.logRecords[2]?.attributes[0];
  expect(last).toBeInstanceOf(RepeatedAttribute);
  expect(comparable(again)).toEqual(comparable(decoded(decodeProtobuf('logs', bytes))));
  expect(encodeProtobuf('logs', again)).toEqual(bytes);
});

test.each<[string, KeyValue]>([
  ['a list', { key: 'a', value: { arrayValue: { values: [{ stringValue: 'x' }] } } }],
  ['a map', { key: 'a', value: { kvlistValue: { values: [model] } } }],
  ['no value', { key: 'a' }],
  ['no key', { value: { stringValue: 'x' } }],
  ['a long text', { key: 'a', value: { stringValue: 'x'.repeat(200) } }],
])('%s is each time another object', (_, attribute) => {
  const read3 = read(requestOf([attribute], [attribute], [attribute])).flat();
  expect([read3.length, new Set(read3).size]).toEqual([3, 3]);
});

test('a copy with another value is written with that value', () => {
  const [, , [third]] = read(requestOf([model], [model], [model])) as [KeyValue[], KeyValue[], [KeyValue]];
  const changed = requestOf([{ ...third, value: { stringValue: 'other' } }]);
  expect(read(changed)).toEqual([[{ key: 'model', value: { stringValue: 'other' } }]]);
});

test('keeps nothing of the request it was first read from', () => {
  const bytes = encodeProtobuf('logs', requestOf([model], [model]));
  const again = decoded(decodeProtobuf('logs', bytes, new RepeatedAttributes()));
  expect(again.resourceLogs[0]?.scopeLogs[0]?.logRecords[1]?.attributes[0]).toBeInstanceOf(RepeatedAttribute);
  const expected = new Uint8Array(bytes);
  bytes.fill(0);
  expect(new Uint8Array(encodeProtobuf('logs', again))).toEqual(expected);
});

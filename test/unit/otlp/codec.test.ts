import { expect, test } from 'vitest';
import { decode } from '../../../src/otlp/codec.ts';
import { encodeProtobuf } from '../../../src/otlp/protobuf.ts';
import { comparable, decoded } from './comparable.ts';

const request = { resourceLogs: [{ scopeLogs: [], schemaUrl: 'https://example.com/é' }] };
const json = Buffer.from(JSON.stringify(request));

test('the Content-Type says how to read', () => {
  const protobuf = encodeProtobuf('logs', request);
  expect(comparable(decoded(decode('logs', 'application/x-protobuf', protobuf)))).toEqual(request);
  expect(comparable(decoded(decode('logs', 'application/json; charset=utf-8', json)))).toEqual(request);
});

test('a body of the other encoding is malformed', () => {
  expect(decode('logs', 'application/x-protobuf', json)).toMatchObject({ ok: false, kind: 'malformed' });
  expect(decode('logs', 'application/json', encodeProtobuf('logs', request))).toMatchObject({
    ok: false,
    kind: 'malformed',
  });
});

test('any other type is a failure of its own kind', () => {
  expect(decode('logs', 'text/plain', json)).toEqual({
    ok: false,
    kind: 'media_type',
    reason: 'Content-Type text/plain',
  });
  expect(decode('logs', undefined, json)).toEqual({
    ok: false,
    kind: 'media_type',
    reason: 'Content-Type missing',
  });
});

test('a byte order mark before JSON is skipped', () => {
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), json]);
  expect(comparable(decoded(decode('logs', 'application/json', marked)))).toEqual(request);
});

import { expect, test } from 'vitest';
import { encodingOf, successBody } from '../../../src/otlp/media.ts';

test.each([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
  ['application/json; charset=utf-8', 'json'],
  ['Application/JSON ;charset=UTF-8', 'json'],
  ['text/plain', undefined],
  ['application/jsonp', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s is %s', (contentType, encoding) => {
  expect(encodingOf(contentType)).toBe(encoding);
});

test('success is an empty message in the encoding of the request', () => {
  expect(successBody('application/x-protobuf')).toBe('');
  expect(successBody('application/json; charset=utf-8')).toBe('{}');
});

import { expect, test } from 'vitest';
import { unsendableHeader } from '../../../../../src/pipeline/delivery/transport/unsendable-header.ts';

test('is none among those that users have', () => {
  const headers = {
    authorization: 'Bearer made-up',
    'x-scope-orgid': '1',
    host: 'name',
    connection: 'close',
  };
  expect(unsendableHeader(headers)).toBeNull();
  expect(unsendableHeader({ 'x-latin': 'caf\xe9', 'x-empty': '', 'x-tab': 'a\tb' })).toBeNull();
});

test.each(['content-length', 'expect', 'keep-alive', 'trailer', 'transfer-encoding', 'upgrade'])(
  'is one about the message itself: %s',
  (name) => expect(unsendableHeader({ a: 'b', [name]: '1' })).toBe(name),
);

test.each([
  ['x-name', 'two\r\nlines'],
  ['x-name', 'nul\0'],
  ['x-name', '€'],
  ['x name', 'value'],
  ['x:name', 'value'],
  ['', 'value'],
])('is one that HTTP cannot carry: %j: %j', (name, value) => {
  expect(unsendableHeader({ a: 'b', [name]: value })).toBe(name);
});

import { expect, test } from 'vitest';
import { storeAddress } from '../../../../src/commands/doctor/store-address.ts';

test.each([
  ['http://127.0.0.1:3100', 'http://127.0.0.1:3100'],
  ['https://mimir.example/prometheus/', 'https://mimir.example/prometheus'],
])('%s', (text, url) => {
  expect(storeAddress(text)).toEqual({ url, headers: {} });
});

test('credentials become a header', () => {
  expect(storeAddress('https://1234:glc_%2Fa@logs.example')).toEqual({
    url: 'https://logs.example',
    headers: { authorization: `Basic ${btoa('1234:glc_/a')}` },
  });
});

test.each(['localhost:3100', 'ftp://store', 'grpc://store:1', 'http://', 'http://me:100%@store'])(
  '%s is none',
  (text) => {
    expect(storeAddress(text)).toBeNull();
  },
);

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decompress } from '../../../../src/pipeline/listener/decompress.ts';

const plain = Buffer.from('telemetry '.repeat(100));

test.each([
  ['none', undefined, plain],
  ['an empty one', '', plain],
  ['identity', 'identity', plain],
  ['gzip', 'gzip', gzipSync(plain)],
  ['gzip in capitals, with spaces', ' GZIP ', gzipSync(plain)],
  [
    'gzip in several members',
    'gzip',
    Buffer.concat([gzipSync(plain.subarray(0, 300)), gzipSync(plain.subarray(300))]),
  ],
  ['deflate', 'deflate', deflateSync(plain)],
])('the body comes out of %s', async (_, encoding, body) => {
  expect(await decompress(body, encoding)).toEqual(plain);
});

test.each([
  ['an encoding nobody knows', 'zstd', plain],
  ['two encodings', 'gzip, gzip', gzipSync(gzipSync(plain))],
  ['what is not gzip', 'gzip', plain],
  ['gzip that was cut', 'gzip', gzipSync(plain).subarray(0, -4)],
  ['deflate without its header', 'deflate', deflateRawSync(plain)],
  ['nothing at all', 'gzip', Buffer.alloc(0)],
])('nothing comes out of %s', async (_, encoding, body) => {
  expect(await decompress(body, encoding)).toBeNull();
});

test.each(['gzip', 'deflate'])('from %s 64 MiB come out, and not a byte more', async (encoding) => {
  const limit = 64 * 1024 * 1024;
  const pack = encoding === 'gzip' ? gzipSync : deflateSync;
  expect((await decompress(pack(Buffer.alloc(limit)), encoding))?.length).toBe(limit);
  expect(await decompress(pack(Buffer.alloc(limit + 1)), encoding)).toBeNull();
});

test('a bomb does not go off', async () => {
  const member = gzipSync(Buffer.alloc(1024 * 1024));
  const bomb = Buffer.concat(Array.from({ length: 1024 }, () => member));
  expect(bomb.length).toBeLessThan(1_200_000);
  expect(await decompress(bomb, 'gzip')).toBeNull();
});

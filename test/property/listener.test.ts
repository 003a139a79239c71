import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listener, type Received, startListener } from '../../src/pipeline/listener/listener.ts';

let listener: Listener;
const received: Received[] = [];
beforeAll(async () => {
  listener = await startListener('s3cret', async () => ({
    accept: (each) => received.push(each),
    room: () => null,
  }));
});
afterAll(() => listener.close());

function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<number> {
  const { port } = new URL(listener.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('with the secret any body of any type is answered 200 and arrives byte for byte', async () => {
  const secret = new URL(listener.url).pathname;
  const anySignal = fc.constantFrom('logs', 'traces', 'metrics');
  const anyType = fc.constantFrom('application/x-protobuf', 'application/json', 'text/html; x="', 'x');
  const anyEncoding = fc.constantFrom('gzip', 'identity', 'zstd', '');
  await fc.assert(
    fc.asyncProperty(
      anySignal,
      anyType,
      anyEncoding,
      fc.uint8Array({ maxLength: 5000 }),
      async (signal, type, encoding, body) => {
        received.length = 0;
        const headers = { 'content-type': type, 'content-encoding': encoding };
        expect(await send('POST', `${secret}/v1/${signal}`, headers, body)).toBe(200);
        await new Promise(setImmediate);
        expect(received).toMatchObject([{ signal, contentType: type, contentEncoding: encoding }]);
        expect(Buffer.from(body).equals(received[0]?.body ?? Buffer.from('nothing arrived'))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('without the secret nothing is ever taken', async () => {
  const anyPath = fc
    .array(fc.constantFrom('v1', 'logs', 'traces', '', '.', '..', '%2e', 'x', '?', 'a'.repeat(32)), {
      maxLength: 5,
    })
    .map((parts) => `/${parts.join('/')}`);
  const anyMethod = fc.constantFrom('POST', 'GET', 'PUT', 'HEAD');
  received.length = 0;
  await fc.assert(
    fc.asyncProperty(anyMethod, anyPath, async (method, path) => {
      expect(await send(method, path, {}, Buffer.alloc(0))).toBe(404);
      expect(received).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

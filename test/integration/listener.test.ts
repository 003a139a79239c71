import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Listener, type Received, startListener } from '../../src/pipeline/listener/listener.ts';
import { until } from '../support/raw-http.ts';

let listener: Listener;
let received: Received[];
beforeEach(async () => {
  received = [];
  listener = await startListener('s3cret', async () => ({
    accept: (each) => received.push(each),
    room: () => null,
  }));
});
afterEach(() => listener.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A body that is a list is sent in chunks. */
function send(
  path: string,
  body: string | Buffer | readonly Buffer[] = 'x',
  { method = 'POST', ...options }: RequestOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${listener.url}${path}`, { method, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      request.end(body);
      return;
    }
    for (const chunk of body) request.write(chunk);
    request.end();
  });
}

const protobuf = { headers: { 'content-type': 'application/x-protobuf' } };

describe('its address', () => {
  test('is loopback, a port of the system’s choice and the secret of this run', async () => {
    const url = new URL(listener.url);
    expect(url.hostname).toBe('127.0.0.1');
    expect(url.pathname).toBe('/s3cret');
    const another = await startListener('s3cret', async () => ({ accept: () => {}, room: () => null }));
    expect(new URL(another.url).port).not.toBe(url.port);
    await another.close();
  });
});

describe('a request of the CLI', () => {
  test.each([
    ['logs', 'application/x-protobuf', 'application/x-protobuf', ''],
    ['traces', 'application/json', 'application/json', '{}'],
    ['metrics', 'application/json; charset=utf-8', 'application/json', '{}'],
    ['logs', 'text/plain', 'application/json', ''],
    ['logs', undefined, 'application/json', ''],
  ])('for %s of type %s gets 200 in the same encoding', async (signal, type, answered, text) => {
    const headers = type === undefined ? {} : { 'content-type': type };
    const { status, headers: back, body } = await send(`/v1/${signal}`, 'anything', { headers });
    expect(status).toBe(200);
    expect(back['content-type']).toBe(answered);
    if (answered === 'application/json' && body !== '') expect(JSON.parse(body)).toEqual({});
    expect(body).toBe(text);
    await until(() => received.length === 1);
    expect(received).toMatchObject([{ signal, contentType: type, body: Buffer.from('anything') }]);
  });

  test('comes as it was sent, its encoding beside it', async () => {
    const body = Buffer.from([0x1f, 0x8b, 0, 255]);
    await send('/v1/logs', body, { headers: { ...protobuf.headers, 'content-encoding': 'gzip' } });
    await until(() => received.length === 1);
    expect(received[0]).toMatchObject({ contentEncoding: 'gzip', body });
    expect(listener.lastRequestAt()).toBe(received[0]?.at);
  });

  test('may come in chunks', async () => {
    const chunks = Array.from({ length: 50 }, (_, i) => Buffer.alloc(1000, i));
    expect((await send('/v1/traces', chunks, protobuf)).status).toBe(200);
    await until(() => received.length === 1);
    expect(received[0]?.body).toEqual(Buffer.concat(chunks));
  });

  test('may be empty', async () => {
    expect((await send('/v1/logs', '', protobuf)).status).toBe(200);
    await until(() => received.length === 1);
    expect(received[0]?.body).toHaveLength(0);
  });

  test('may have a query', async () => {
    expect((await send('/v1/logs?token=abc', 'x', protobuf)).status).toBe(200);
  });

  test('may follow another on one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = 0; i < 5; i++) expect((await send('/v1/logs', `${i}`, { agent })).status).toBe(200);
    await until(() => received.length === 5);
    expect(received.map(({ body }) => `${body}`)).toEqual(['0', '1', '2', '3', '4']);
    expect(listener.connections()).toBe(1);
    agent.destroy();
    await until(() => listener.connections() === 0);
  });

  test('may come with many others at once', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => send('/v1/logs', `${i}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await until(() => received.length === 60);
    expect(new Set(received.map(({ body }) => `${body}`)).size).toBe(60);
  });

  test('is answered when it is the first, and when HTTP was loaded before', async () => {
    expect((await send('/v1/logs')).status).toBe(200);
    listener.warmUp();
    listener.warmUp();
    expect((await send('/v1/logs')).status).toBe(200);
  });

  test('may ask before it sends its body', async () => {
    expect((await send('/v1/logs', 'x', { headers: { expect: '100-continue' } })).status).toBe(200);
  });

  describe('is kept', () => {
    /** Sends from another thread, so that the one of the listener can stand still meanwhile. */
    async function sendFromElsewhere(accept: (answered: Int32Array) => void): Promise<number | undefined> {
      const answered = new Int32Array(new SharedArrayBuffer(4));
      const standing = await startListener('s3cret', async () => ({
        accept: () => accept(answered),
        room: () => null,
      }));
      const sender = new Worker(
        `const { workerData } = require('node:worker_threads');
         require('node:http').request(workerData.url, { method: 'POST' }, (response) => {
           Atomics.store(workerData.answered, 0, response.statusCode);
           Atomics.notify(workerData.answered, 0);
           response.resume();
         }).end('x');`,
        { eval: true, workerData: { url: `${standing.url}/v1/logs`, answered } },
      );
      await once(sender, 'exit');
      await standing.close();
      return answered[0];
    }

    test('before it is answered', async () => {
      let outcome = '';
      const status = await sendFromElsewhere((answered) => {
        outcome = Atomics.wait(answered, 0, 0, 200);
      });
      expect(outcome).toBe('timed-out');
      expect(status).toBe(200);
    });

    test('and answered before anything else is done with it', async () => {
      let outcome = '';
      const status = await sendFromElsewhere((answered) => {
        setImmediate(() => {
          outcome = Atomics.wait(answered, 0, 0, 10_000);
        });
      });
      await until(() => outcome !== '');
      expect(['ok', 'not-equal']).toContain(outcome);
      expect(status).toBe(200);
    });

    test('or not: it is answered 200 even when that fails', async () => {
      const status = await sendFromElsewhere(() => {
        throw new Error('disk full');
      });
      expect(status).toBe(200);
    });
  });
});

describe('a stranger', () => {
  test.each([
    ['without the secret', '/v1/logs'],
    ['with a wrong secret', `/${'x'.repeat(32)}/v1/logs`],
    ['with a part of it', (secret: string) => `/${secret.slice(0, -1)}/v1/logs`],
    ['with more than it', (secret: string) => `/${secret}x/v1/logs`],
    ['with the secret as a query', (secret: string) => `/v1/logs?${secret}`],
    ['at the root', '/'],
  ])('%s gets 404', async (_, path) => {
    const { origin, pathname } = new URL(listener.url);
    const wanted = typeof path === 'string' ? path : path(pathname.slice(1));
    const response = await fetch(`${origin}${wanted}`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
    expect(received).toEqual([]);
    expect(listener.lastRequestAt()).toBe(0);
  });
});

describe('with the secret', () => {
  test.each(['', '/', '/v1', '/v1/', '/v1/log', '/v1/logs/', '/v1/profiles', '/v1/toString', '//v1/logs'])(
    'the path %j is 404',
    async (path) => {
      expect((await send(path)).status).toBe(404);
      expect(received).toEqual([]);
    },
  );

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])(
    '%s is 405, and says what is allowed',
    async (method) => {
      const { status, headers } = await send('/v1/logs', '', { method });
      expect(status).toBe(405);
      expect(headers.allow).toBe('POST');
      expect(received).toEqual([]);
    },
  );
});

describe('a body over the limit', () => {
  test('is refused with 413 and counted', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024);
    const body = Array.from({ length: 65 }, () => mebibyte);
    const { status } = await send('/v1/logs', body, protobuf);
    expect(status).toBe(413);
    expect(listener.oversized()).toBe(1);
    expect(received).toEqual([]);
  });

  test('by a byte is too much, and one of exactly the limit is taken', async () => {
    const limit = 64 * 1024 * 1024;
    expect((await send('/v1/logs', Buffer.alloc(limit), protobuf)).status).toBe(200);
    await until(() => received.length === 1);
    expect(received[0]?.body).toHaveLength(limit);
    await send('/v1/logs', Buffer.alloc(limit + 1), protobuf).catch(() => {});
    await until(() => listener.oversized() === 1);
    expect(received).toHaveLength(1);
  });
});

describe('a sender that goes away', () => {
  function raw(): Socket {
    const { hostname, port } = new URL(listener.url);
    return connect(Number(port), hostname).on('error', () => {});
  }

  test('in the middle of its body leaves nothing', async () => {
    const socket = raw();
    socket.write(
      `POST ${new URL(listener.url).pathname}/v1/logs HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`,
    );
    await until(() => listener.connections() === 1);
    socket.destroy();
    await until(() => listener.connections() === 0);
    expect((await send('/v1/logs', 'whole')).status).toBe(200);
    await until(() => received.length === 1);
    expect(`${received[0]?.body}`).toBe('whole');
    expect(listener.oversized()).toBe(0);
  });

  test('without a word, or with nonsense, does no harm', async () => {
    raw().destroy();
    const nonsense = raw();
    nonsense.write('\u0016\u0003\u0001 this is TLS\r\n\r\n');
    nonsense.resume();
    await once(nonsense, 'close');
    expect((await send('/v1/logs')).status).toBe(200);
  });
});

test('closing ends open connections and the listening', async () => {
  const agent = new Agent({ keepAlive: true });
  await send('/v1/logs', 'x', { agent });
  await listener.close();
  await expect(send('/v1/logs')).rejects.toThrow(/ECONNREFUSED/);
  agent.destroy();
});

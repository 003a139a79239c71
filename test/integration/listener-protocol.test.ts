import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Listener, type Received, startListener } from '../../src/pipeline/listener/listener.ts';
import { head, openRaw, until } from '../support/raw-http.ts';

const path = '/s3cret/v1/logs';

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

/** What is answered until the connection is closed, by us or for a request that asks for it. */
async function exchange(text: string): Promise<{ statuses: number[]; answers: string }> {
  const { socket, closed, statuses, answers } = await openRaw(listener.url);
  socket.write(text);
  await closed;
  return { statuses: statuses(), answers: answers() };
}

const last = { connection: 'close' };

describe('the secret as a header', () => {
  const token = { 'x-ai-trace-token': 's3cret', 'content-length': 1, ...last };

  test('opens the path without it', async () => {
    expect(listener.origin).toBe(new URL(listener.url).origin);
    expect((await exchange(`${head('/v1/metrics', token)}x`)).statuses).toEqual([200]);
    expect(received).toMatchObject([{ signal: 'metrics', body: Buffer.from('x') }]);
    expect(listener.strangers()).toBe(0);
  });

  test('may be beside the one in the path', async () => {
    expect((await exchange(`${head(path, token)}x`)).statuses).toEqual([200]);
  });

  test.each([
    ['wrong', { 'x-ai-trace-token': 's3creT' }],
    ['empty', { 'x-ai-trace-token': '' }],
    ['there twice', { 'x-ai-trace-token': 's3cret', 'X-AI-Trace-Token': 's3cret' }],
    ['under another name', { 'x-ai-trace-tokens': 's3cret' }],
  ])('is refused when it is %s', async (_, fields) => {
    expect((await exchange(head('/v1/logs', fields))).statuses).toEqual([404]);
    expect(received).toEqual([]);
    expect(listener.strangers()).toBe(1);
  });

  test('does not make a path of a wrong one', async () => {
    expect((await exchange(head('/other/v1/logs', token))).statuses).toEqual([404]);
    expect(listener.strangers()).toBe(0);
  });
});

describe('a stranger', () => {
  test.each([
    ['any path', head('/whatever')],
    ['OPTIONS', 'OPTIONS /v1/logs HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a preflight', 'OPTIONS /v1/logs HTTP/1.1\r\nHost: x\r\nAccess-Control-Request-Method: POST\r\n\r\n'],
    ['a question before the body', head('/v1/logs', { expect: '100-continue', 'content-length': 4 })],
    ['another expectation', head('/v1/logs', { expect: 'the unexpected' })],
    ['a protocol to change to', head('/v1/logs', { connection: 'upgrade', upgrade: 'websocket' })],
    ['a huge body', head('/v1/logs', { 'content-length': 2 ** 40 })],
  ])('with %s gets 404, no more, and is not listened to further', async (_, text) => {
    const { statuses, answers } = await exchange(text);
    expect(statuses).toEqual([404]);
    expect(answers).toMatch(/\r\nconnection: close\r\n/i);
    expect(answers.toLowerCase()).not.toContain('access-control');
    expect(listener.strangers()).toBe(1);
    expect(listener.oversized()).toBe(0);
  });

  test('is not let in by what follows on the connection', async () => {
    const { statuses } = await exchange(head('/v1/logs') + head(path, last));
    expect(statuses).toEqual([404]);
    expect(received).toEqual([]);
  });

  test('is a browser page, even with the secret', async () => {
    const { statuses } = await exchange(head(path, { origin: 'http://127.0.0.1:1234' }));
    expect(statuses).toEqual([404]);
    expect((await exchange(head(path, { origin: 'null' }))).statuses).toEqual([404]);
    expect(received).toEqual([]);
    expect(listener.strangers()).toBe(2);
  });

  test('that asks for a tunnel gets no answer', async () => {
    expect((await exchange('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')).answers).toBe('');
  });

  test('is closed together with what it sends as nonsense', async () => {
    expect((await exchange('\u0016\u0003\u0001 this is TLS\r\n\r\n')).statuses).toEqual([400]);
    expect(listener.strangers()).toBe(1);
  });
});

describe('with the secret', () => {
  test('who asks before a body is told to go on, once', async () => {
    const { socket, statuses } = await openRaw(listener.url);
    socket.write(head(path, { expect: '100-continue', 'content-length': 4 }));
    await until(() => statuses().length === 1);
    expect(statuses()).toEqual([100]);
    socket.write('body');
    await until(() => statuses().length === 2);
    expect(statuses()).toEqual([100, 200]);
    expect(`${received[0]?.body}`).toBe('body');
  });

  test('who asks before a body over the limit need not send it', async () => {
    const tooMuch = { expect: '100-continue', 'content-length': 64 * 1024 * 1024 + 1 };
    expect((await exchange(head(path, tooMuch))).statuses).toEqual([413]);
    expect(listener.oversized()).toBe(1);
  });

  test('what else is expected does not matter', async () => {
    expect((await exchange(head(path, { expect: 'a miracle', ...last }))).statuses).toEqual([200]);
  });

  test('a preflight gets no leave', async () => {
    const { statuses, answers } = await exchange(
      `OPTIONS ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccess-Control-Request-Method: POST\r\n\r\n`,
    );
    expect(statuses).toEqual([405]);
    expect(answers.toLowerCase()).not.toContain('access-control');
  });

  test('requests may come without waiting for the answers', async () => {
    const each = (text: string) => head(path, { 'content-length': text.length }) + text;
    const { statuses } = await exchange(each('one') + each('two') + each('three') + head(path, last));
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(received.map(({ body }) => `${body}`)).toEqual(['one', 'two', 'three', '']);
  });

  test('a sender may close its side before it is answered', async () => {
    const { socket, closed, statuses } = await openRaw(listener.url);
    socket.end(`${head(path, { 'content-length': 4 })}body`);
    await closed;
    expect(statuses()).toEqual([200]);
  });

  test('after a refused path the connection goes on', async () => {
    const wrong = `${head('/s3cret/v1/profiles', { 'content-length': 4 })}body`;
    expect((await exchange(wrong + head(path, last))).statuses).toEqual([404, 200]);
  });
});

/** Two readings of where a request ends are the way to smuggle one past a proxy; here each is refused. */
describe('a length that can be read in two ways', () => {
  test.each([
    ['both lengths', { 'content-length': 4, 'transfer-encoding': 'chunked' }, '0\r\n\r\n'],
    ['two lengths', { 'content-length': 4, 'Content-Length': 5 }, 'bodyx'],
    ['chunked, but not last', { 'transfer-encoding': 'chunked, identity' }, '0\r\n\r\n'],
    ['a length with a sign', { 'content-length': '+4' }, 'body'],
    ['a length in hexadecimal', { 'content-length': '0x4' }, 'body'],
    ['a chunk size that is none', { 'transfer-encoding': 'chunked' }, '4 4\r\nbody\r\n0\r\n\r\n'],
    ['a chunk size beyond 64 bits', { 'transfer-encoding': 'chunked' }, 'fffffffffffffffff\r\nbody'],
    ['a space before the colon', { 'content-length ': 4 }, 'body'],
  ])('%s is refused', async (_, fields, body) => {
    const { statuses } = await exchange(head(path, fields) + body);
    expect(statuses).toEqual([400]);
    expect(received).toEqual([]);
  });
});

describe('headers', () => {
  test('over 16 KiB are refused', async () => {
    const { statuses } = await exchange(head(path, { filler: 'x'.repeat(17 * 1024) }));
    expect(statuses).toEqual([431]);
    expect(received).toEqual([]);
  });

  test('beyond the hundredth are not looked at', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`h${i}`, i]));
    const { statuses } = await exchange(head('/v1/logs', { ...many, 'x-ai-trace-token': 's3cret' }));
    // Node 20 does not hear them, later versions refuse the request.
    expect([[404], [431]]).toContainEqual(statuses);
    expect(received).toEqual([]);
  });
});

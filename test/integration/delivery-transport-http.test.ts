import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { decodeProtobuf } from '../../src/otlp/protobuf.ts';
import { responseTypes } from '../../src/otlp/schema.ts';
import type { Signal } from '../../src/otlp/types.ts';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import { closedUrl } from '../support/collector.ts';
import { exportLogs, transportTo } from '../support/transports.ts';
import { decoded } from '../unit/otlp/comparable.ts';

type Reply = (response: ServerResponse) => void;

interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  sent: Buffer;
  connection: Socket;
}

let server: Server;
let url: string;
let arrived: Arrived[];
let reply: Reply;

const answer =
  (status: number, headers: Record<string, string> = {}, body: string | Uint8Array = ''): Reply =>
  (response) =>
    void response.writeHead(status, headers).end(body);

const endless: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = () => void response.write(' '.repeat(1024 * 1024), (error) => error ?? more());
  more();
};

beforeEach(async () => {
  arrived = [];
  server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { url: path = '', headers, socket } = incoming;
    arrived.push({ path, headers, sent: Buffer.concat(chunks), connection: socket });
    reply(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

describe('a request', () => {
  beforeEach(() => {
    reply = answer(200);
  });

  test('is compressed protobuf below the path of the destination, with its headers', async () => {
    const headers = {
      authorization: 'Bearer made-up',
      'content-type': 'text/plain',
      'content-encoding': 'br',
    };
    const result = await exportLogs(await transportTo(`${url}/otlp`, { headers }), 'name');
    const [request] = arrived;
    expect(request?.path).toBe('/otlp/v1/logs');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer made-up',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'content-length': String(request?.sent.length),
      host: url.replace('http://', ''),
    });
    expect(request?.headers).not.toHaveProperty('transfer-encoding');
    expect(decoded(decodeProtobuf('logs', gunzipSync(request?.sent ?? '')))).toMatchObject({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: 'name' }] }] }],
    });
    expect(result).toEqual({ kind: 'taken', bytes: request?.sent.length, rejected: 0, message: '' });
  });

  test('goes over the connection of the one before', async () => {
    const transport = await transportTo(url);
    for (const name of ['a', 'b', 'c']) await exportLogs(transport, name);
    expect(new Set(arrived.map((each) => each.connection)).size).toBe(1);
  });

  test('carries neither the credentials nor the query of a URL', async () => {
    await exportLogs(await transportTo(`${url.replace('//', '//user:made-up@')}?query`));
    expect(arrived[0]?.path).not.toContain('query');
    expect(arrived[0]?.headers).not.toHaveProperty('authorization');
  });

  test('that is compressed already is sent as it is', async () => {
    const transport = await transportTo(url);
    const { signal } = new AbortController();
    await transport.export('metrics', Payload.compressed(Buffer.from('as it is')), signal);
    expect(arrived.map(({ path, sent }) => `${path} ${sent}`)).toEqual(['/v1/metrics as it is']);
  });
});

describe('an answer', () => {
  const json = { 'content-type': 'application/json' };
  const partial = '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}';
  const protobufOf = (signal: Signal, message: object) =>
    responseTypes[signal].encode({ partialSuccess: message }).finish();

  test.each([
    ['JSON', answer(200, json, partial)],
    ['JSON with a charset', answer(200, { 'content-type': 'application/json; charset=utf-8' }, partial)],
    [
      'protobuf',
      answer(
        202,
        { 'content-type': 'application/x-protobuf' },
        protobufOf('logs', { rejectedLogRecords: 2, errorMessage: 'too old' }),
      ),
    ],
  ])('that refuses a part says so: %s', async (_, given) => {
    reply = given;
    const result = await exportLogs(await transportTo(url));
    expect(result).toMatchObject({ kind: 'taken', rejected: 2, message: 'too old' });
  });

  test.each([
    ['nothing', answer(200)],
    ['204', answer(204)],
    ['nothing, said to be a page', answer(200, { 'content-type': 'text/html' })],
    ['{}', answer(200, json, '{}')],
    ['partialSuccess null', answer(200, json, '{"partialSuccess":null}')],
    ['JSON broken off', answer(200, json, '{"partialSuccess":')],
    ['bytes that are no protobuf', answer(200, { 'content-type': 'application/x-protobuf' }, '\xff\xff\xff')],
    ['a word', answer(200, { 'content-type': 'text/plain' }, 'ok')],
    ['no content type', answer(200, {}, partial)],
    ['5 MiB', answer(200, json, ' '.repeat(5 * 1024 * 1024))],
    ['without an end', endless],
  ])('is a success by its status: %s', async (_, given) => {
    reply = given;
    expect(await exportLogs(await transportTo(url))).toMatchObject({
      kind: 'taken',
      rejected: 0,
      message: '',
    });
  });

  test('may have others before it', async () => {
    reply = (response) => {
      response.writeContinue();
      response.writeProcessing();
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end();
    };
    expect(await exportLogs(await transportTo(url))).toMatchObject({ kind: 'taken' });
  });

  test.each([
    ['as HTML', { 'content-type': 'text/html; charset=utf-8' }, 'Please log in'],
    ['as XHTML', { 'content-type': 'application/xhtml+xml' }, '<html/>'],
    ['as text', { 'content-type': 'text/plain' }, '\n <!DOCTYPE html><title>Hotel'],
    ['without a type', {}, '<HTML>'],
  ])('that is a web page takes nothing: %s', async (_, headers, body) => {
    reply = answer(200, headers, body);
    const reason = 'HTTP 200 with a web page';
    expect(await exportLogs(await transportTo(url))).toEqual({ kind: 'misdirected', reason });
  });

  test.each([
    [400, 'bad_data'],
    [413, 'bad_data'],
    [422, 'bad_data'],
    [301, 'misdirected'],
    [302, 'misdirected'],
    [307, 'misdirected'],
    [308, 'misdirected'],
    [401, 'misdirected'],
    [403, 'misdirected'],
    [404, 'misdirected'],
    [405, 'misdirected'],
    [407, 'misdirected'],
    [408, 'refused'],
    [415, 'refused'],
    [500, 'refused'],
    [501, 'refused'],
    [505, 'refused'],
  ])('%d is %s, and the request goes nowhere else', async (status, kind) => {
    reply = answer(status, { location: '/elsewhere' }, 'words');
    expect(await exportLogs(await transportTo(url))).toEqual({ kind, reason: `HTTP ${status}` });
    expect(arrived.map(({ path }) => path)).toEqual(['/v1/logs']);
  });

  test.each([429, 502, 503, 504])('%d is worth another try', async (status) => {
    reply = answer(status);
    const transport = await transportTo(url);
    const later = { kind: 'unavailable', reason: `HTTP ${status}`, answered: true };
    expect(await exportLogs(transport)).toEqual(later);
    reply = answer(status, { 'retry-after': '7' });
    expect(await exportLogs(transport)).toEqual({ ...later, retryAfterMs: 7000 });
    reply = answer(status, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' });
    expect(await exportLogs(transport)).toEqual({ ...later, retryAfterMs: 0 });
  });
});

describe('without an answer', () => {
  const silence = { kind: 'unavailable', answered: false };

  test('nobody listens', async () => {
    expect(await exportLogs(await transportTo(await closedUrl()))).toEqual({
      ...silence,
      reason: 'ECONNREFUSED',
    });
  });

  test('the connection breaks', async () => {
    reply = (response) => void response.destroy();
    expect(await exportLogs(await transportTo(url))).toEqual({ ...silence, reason: 'connection closed' });
  });

  test('it breaks off within the answer', async () => {
    reply = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    expect(await exportLogs(await transportTo(url))).toEqual({ ...silence, reason: 'connection closed' });
  });

  test.each([
    ['before', (() => {}) satisfies Reply],
    [
      'within',
      ((response) => void response.writeHead(200, { 'content-length': '9' }).write('half')) satisfies Reply,
    ],
  ])('it hangs %s the answer until the attempt is given up', async (_, hanging) => {
    const abort = new AbortController();
    reply = (response) => {
      hanging(response);
      setTimeout(() => abort.abort(), 20);
    };
    const result = await exportLogs(await transportTo(url), 'a', abort.signal);
    expect(result).toEqual({ ...silence, reason: 'no answer in time' });
  });

  test('the attempt was given up before', async () => {
    expect(await exportLogs(await transportTo(url), 'a', AbortSignal.abort())).toEqual({
      ...silence,
      reason: 'no answer in time',
    });
    expect(arrived).toEqual([]);
  });

  test.each([
    ['SMTP', '220 mail.example ESMTP\r\n', { kind: 'misdirected', reason: 'not HTTP' }],
    ['HTTP/2', '\0\0\x12\x04\0\0\0\0\0', { kind: 'misdirected', reason: 'not HTTP' }],
    ['HTTP/3.0', 'HTTP/3.0 200 OK\r\n\r\n', { kind: 'misdirected', reason: 'not HTTP' }],
    ['broken HTTP', 'HTTP/1.1 200 OK\r\ngarbage\r\n\r\n', { ...silence, reason: 'broken HTTP' }],
    [
      'broken HTTP behind good headers',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno length\r\n',
      { ...silence, reason: 'broken HTTP' },
    ],
  ])('the peer speaks %s', async (_, words, expected) => {
    const other = createTcpServer((socket) => void socket.on('error', () => {}).end(words));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const transport = await transportTo(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    expect(await exportLogs(transport)).toEqual(expected);
  });

  test('a header cannot be sent', async () => {
    const headers = { authorization: 'Bearer made-up', 'transfer-encoding': 'secret' };
    const reason = 'header transfer-encoding cannot be sent';
    expect(await exportLogs(await transportTo(url, { headers }))).toEqual({ kind: 'misdirected', reason });
    expect(arrived).toEqual([]);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import { exportLogs, transportTo } from '../support/transports.ts';

interface Listening {
  url: string;
  /** In the order in which they were opened. */
  connections: readonly Socket[];
}

const taken = { kind: 'taken' };
const closed = { kind: 'unavailable', reason: 'connection closed', answered: false };

async function listen(server: Server, host = '127.0.0.1'): Promise<Listening> {
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of connections) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, connections };
}

/** Answers each request, the first being number 1, when all of it is there. */
function answering(
  answer: (number: number, response: ServerResponse, incoming: IncomingMessage) => void,
): Server {
  let count = 0;
  return createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      count += 1;
      answer(count, response, incoming);
    });
  });
}

describe('a connection that is kept alive', () => {
  test.each([
    ['ended', (socket: Socket) => socket.end()],
    ['broken off', (socket: Socket) => socket.destroy()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('may be %s by the server when the next request comes: that goes over a new one', async (_, end) => {
    const { url, connections } = await listen(
      answering((number, response, { socket }) => void (number === 2 ? end(socket) : response.end())),
    );
    const transport = await transportTo(url);
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(connections).toHaveLength(2);
  });

  test('may be closed by the server in between', async () => {
    const { url, connections } = await listen(answering((_, response) => void response.end()));
    const transport = await transportTo(url);
    for (const count of [1, 2, 3]) {
      expect(await exportLogs(transport)).toMatchObject(taken);
      expect(connections).toHaveLength(count);
      connections[count - 1]?.destroy();
    }
  });

  test('is not, when the server says so', async () => {
    const { url, connections } = await listen(
      answering((_, response) => void response.writeHead(200, { connection: 'close' }).end()),
    );
    const transport = await transportTo(url);
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(connections).toHaveLength(2);
  });

  test('is replaced once for one request', async () => {
    let requests = 0;
    const { url } = await listen(
      answering((number, response) => {
        requests = number;
        if (number === 1) response.end();
        else response.destroy();
      }),
    );
    const transport = await transportTo(url);
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(await exportLogs(transport)).toEqual(closed);
    expect(requests).toBe(3);
    // This one was on a new connection from the start.
    expect(await exportLogs(transport)).toEqual(closed);
    expect(requests).toBe(4);
  });

  test.each([
    ['broken off', (socket: Socket) => socket.destroy()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('is not replaced when it is %s within the answer', async (_, end) => {
    let requests = 0;
    const { url } = await listen(
      answering((number, response, { socket }) => {
        requests = number;
        if (number === 1) response.end();
        else
          response
            .writeHead(200, { 'content-length': 9 })
            .write('half', () => setTimeout(() => end(socket), 20));
      }),
    );
    const transport = await transportTo(url);
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(await exportLogs(transport)).toEqual(closed);
    expect(requests).toBe(2);
  });

  test('is given up when the server answers without reading all: the next request gets through', async () => {
    const server = createServer((incoming, response) => {
      if (Number(incoming.headers['content-length']) > 1_000_000) response.writeHead(413).end();
      else incoming.resume().on('end', () => response.end());
    });
    const { url, connections } = await listen(server);
    const transport = await transportTo(url);
    const large = Payload.compressed(Buffer.alloc(16 * 1024 * 1024));
    const { signal } = new AbortController();
    expect(await transport.export('logs', large, signal)).toEqual({ kind: 'bad_data', reason: 'HTTP 413' });
    expect(await exportLogs(transport)).toMatchObject(taken);
    expect(connections).toHaveLength(2);
  });

  test('is free again when an attempt has been given up', async () => {
    const abort = new AbortController();
    const { url } = await listen(
      answering((number, response) => void (number === 1 ? abort.abort() : response.end())),
    );
    const transport = await transportTo(url);
    expect(await exportLogs(transport, 'a', abort.signal)).toMatchObject({ reason: 'no answer in time' });
    expect(await exportLogs(transport)).toMatchObject(taken);
  });
});

describe('close', () => {
  test('is the end: nothing is sent after it', async () => {
    const { url, connections } = await listen(answering((_, response) => void response.end()));
    const transport = await transportTo(url);
    await transport.close();
    expect(await exportLogs(transport)).toEqual({ kind: 'unavailable', reason: 'closed', answered: false });
    expect(connections).toEqual([]);
  });

  test('ends an idle connection', async () => {
    const { url, connections } = await listen(answering((_, response) => void response.end()));
    const transport = await transportTo(url);
    await exportLogs(transport);
    const ended = connections.map((socket) => once(socket, 'close'));
    await transport.close();
    expect(await Promise.all(ended)).toHaveLength(1);
  });

  test.each([1, 2])('ends request %d while it is under way, and it is not sent again', async (last) => {
    let requests = 0;
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { url, connections } = await listen(
      answering((number, response) => {
        requests = number;
        if (number < last) response.end();
        else arrive();
      }),
    );
    const transport = await transportTo(url);
    for (let i = 1; i < last; i += 1) expect(await exportLogs(transport)).toMatchObject(taken);
    const answer = exportLogs(transport);
    await arrived;
    await transport.close();
    expect(await answer).toEqual(closed);
    expect(requests).toBe(last);
    expect(connections).toHaveLength(1);
  });
});

const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);

test.skipIf(!addresses.some(({ address }) => address === '::1'))(
  'an IPv6 address is a host too',
  async () => {
    const hosts: (string | undefined)[] = [];
    const { url } = await listen(
      answering((_, response, { headers }) => {
        hosts.push(headers.host);
        response.end();
      }),
      '::1',
    );
    expect(await exportLogs(await transportTo(url))).toMatchObject(taken);
    expect(hosts).toEqual([url.replace('http://', '')]);
  },
);

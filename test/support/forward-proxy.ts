import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Identity } from './certificates.ts';

export interface ForwardProxy {
  /** `http://127.0.0.1:<port>`, or `https://localhost:<port>`. */
  url: string;
  /** What it was asked for: `CONNECT host:port`, or method and absolute URI. */
  asked: readonly string[];
  /** The credentials that came with each. */
  credentials: readonly (string | undefined)[];
  /** All from its clients, in the order in which they were opened. */
  connections: readonly Socket[];
}

export interface ForwardProxyOptions {
  /** The status of all answers. */
  refusal?: number;
  /** By the number of the request, the first being 1: it is not answered. */
  isSilent?: (asked: number) => boolean;
  /** It is spoken to within TLS. */
  identity?: Identity;
}

/**
 * A proxy on 127.0.0.1 that leads to `target`, whatever host is asked for: names need not be known to the
 * resolver.
 */
export async function startForwardProxy(
  target: string,
  { refusal, isSilent = () => false, identity }: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const onwards: Socket[] = [];
  const { port: targetPort } = new URL(target);
  const server = identity
    ? createTlsServer({ cert: readFileSync(identity.cert), key: readFileSync(identity.key) })
    : createServer();
  server.on('request', (incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    credentials.push(incoming.headers['proxy-authorization']);
    if (isSilent(asked.length)) return;
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    const { pathname } = new URL(incoming.url ?? '');
    const { method, headers } = incoming;
    const onward = request(
      { host: '127.0.0.1', port: targetPort, path: pathname, method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    credentials.push(incoming.headers['proxy-authorization']);
    if (isSilent(asked.length)) return void socket.on('end', () => socket.end()).resume();
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
    const onward = connect(Number(targetPort), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onwards.push(onward);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of [...connections, ...onwards]) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  const url = identity ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return { url, asked, credentials, connections };
}

import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { encodingOf, mediaTypes, successBody } from '../otlp/media.ts';
import type { Signal } from '../otlp/types.ts';
import type { Received } from './listener.ts';

export interface HttpServer {
  /** Speaks HTTP on a connection that was accepted elsewhere and is paused. */
  serve(socket: Socket): void;
}

export interface HttpEvents {
  received(received: Received): void;
  /** A body over the limit was refused. */
  oversized(): void;
}

/** The limit that the OTLP specification recommends to servers. Bytes, as sent. */
const bodyLimit = 64 * 1024 * 1024;

const signals: Readonly<Record<string, Signal>> = {
  '/v1/logs': 'logs',
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
};

/**
 * The CLI gets its 200 as soon as its body is here, whatever the body is and whatever becomes of it: any
 * other answer costs the user seconds at exit or noise on the screen (facts/launcher.md T5, T6). Only
 * strangers, wrong paths and methods and huge bodies are refused.
 */
export function createHttpServer(secret: string, events: HttpEvents): HttpServer {
  const server = createServer((request, response) => {
    const target = targetOf(request, secret);
    if (typeof target === 'number') {
      refuse(request, response, target);
      return;
    }
    readBody(request).then(
      (body) => {
        if (body === undefined) {
          events.oversized();
          refuse(request, response, 413);
          return;
        }
        const contentType = request.headers['content-type'];
        const contentEncoding = request.headers['content-encoding'];
        response.writeHead(200, { 'content-type': mediaTypes[encodingOf(contentType) ?? 'json'] });
        response.end(successBody(contentType));
        events.received({ signal: target, contentType, contentEncoding, body, at: Date.now() });
      },
      // The sender went away in the middle of its body: nobody is there to be answered.
      () => response.destroy(),
    );
  });
  // An exporter that sends at the very moment of a time-out would lose its batch.
  server.keepAliveTimeout = 0;
  return {
    serve: (socket) => {
      server.emit('connection', socket);
      socket.resume();
    },
  };
}

/** The signal a request is for, or the status to refuse it with. A wrong secret looks like a wrong path. */
function targetOf({ url = '', method }: IncomingMessage, secret: string): Signal | number {
  const path = url.split('?', 1)[0] ?? '';
  const slash = path.indexOf('/', 1);
  const signal = signals[path.slice(slash)];
  if (slash < 0 || !isEqual(path.slice(1, slash), secret) || signal === undefined) return 404;
  return method === 'POST' ? signal : 405;
}

/** In a time that does not tell how much of a guess was right. */
function isEqual(guess: string, secret: string): boolean {
  const a = Buffer.from(guess);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The whole body, or undefined when it is over the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > bodyLimit) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  // What is left of the body would hold the connection open.
  response.writeHead(status, { connection: 'close', ...(status === 405 && { allow: 'POST' }) });
  response.end();
  request.resume();
}

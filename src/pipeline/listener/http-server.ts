import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { encodingOf, mediaTypes, successBody } from '../../otlp/media.ts';
import type { Signal } from '../../otlp/types.ts';
import { declaredSize, readBody } from './body.ts';
import { BodyBudget } from './body-budget.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import type { Intake } from './listener.ts';
import { targetOf } from './request-target.ts';
import { secretCheck } from './secret.ts';
import { roomIn, takeIn } from './take-in.ts';

export interface HttpServer {
  /** Speaks HTTP on a connection that was accepted elsewhere and is paused. */
  serve(socket: Socket): void;
  /** Bodies over the limit, which were refused. */
  oversized(): number;
  /** Connections that said something, but never the secret. */
  strangers(): number;
  /** Connections that were ended in the middle of a request. */
  timeouts(): number;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  connection: Connection;
}

/** The limit that the OTLP specification recommends to servers. Bytes, as sent. */
const bodyLimit = 64 * 1024 * 1024;

/**
 * The CLI gets its 200 as soon as its body is kept, whatever the body is and whatever becomes of it: any other
 * answer costs the user seconds at exit or noise on the screen (facts/launcher.md T5, T6). Only strangers,
 * wrong paths and methods and huge bodies are refused.
 */
export function createHttpServer(secret: string, intake: Intake, tickMs: number): HttpServer {
  const isSecret = secretCheck(secret);
  const connections = new Connections(tickMs);
  const budget = new BodyBudget(bodyLimit);
  let oversized = 0;

  async function receive({ request, response, connection }: Exchange, signal: Signal): Promise<void> {
    await roomIn(intake);
    if (request.destroyed) return;
    const isAsking = request.headers.expect?.toLowerCase() === '100-continue';
    if (isAsking && declaredSize(request) > bodyLimit) {
      oversized += 1;
      refuseAndClose(connection, response, 413);
      return;
    }
    if (isAsking) response.writeContinue();
    const body = await readBody(request, bodyLimit, budget);
    if (body.kind === 'gone') return;
    if (body.kind === 'too_large') {
      oversized += 1;
      refuse(response, 413);
      return;
    }
    const contentType = request.headers['content-type'];
    const contentEncoding = request.headers['content-encoding'];
    takeIn(intake, { signal, contentType, contentEncoding, body: body.bytes, at: Date.now() });
    response.writeHead(200, { 'content-type': mediaTypes[encodingOf(contentType) ?? 'json'] });
    response.end(successBody(contentType));
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const connection = connections.of(request.socket);
    if (!connection || connection.isEnding) return;
    const target = targetOf(request, isSecret);
    connection.begin(request, target.kind !== 'stranger');
    switch (target.kind) {
      case 'signal':
        receive({ request, response, connection }, target.signal).catch(() => request.socket.destroy());
        return;
      case 'stranger':
        // Looks like a wrong path. Nothing of the body is read.
        refuseAndClose(connection, response, 404);
        return;
      case 'no_such_path':
        refuse(response, 404);
        return;
      case 'wrong_method':
        refuse(response, 405, { allow: 'POST' });
        return;
    }
  }

  // What the user gave to Node for the CLI's sake (NODE_OPTIONS) must not open anything here.
  const server = createServer({ maxHeaderSize: 16 * 1024, insecureHTTPParser: false }, answer);
  server.maxHeadersCount = 100;
  // Left alone, node:http answers a question that the body waits for before it is known who asks.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  // Not in Node's documentation, but what node:http asks before it drops the requests of a half-closed connection.
  Object.assign(server, { httpAllowHalfOpen: true });
  // An exporter that sends at the very moment of a time-out would lose its batch.
  server.keepAliveTimeout = 0;
  return {
    serve: (socket) => {
      if (!connections.add(socket)) return;
      server.emit('connection', socket);
      socket.resume();
    },
    oversized: () => oversized,
    strangers: () => connections.strangers,
    timeouts: () => connections.timeouts,
  };
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers);
  response.end();
}

function refuseAndClose(connection: Connection, response: ServerResponse, status: number): void {
  connection.isEnding = true;
  refuse(response, status, { connection: 'close' });
}

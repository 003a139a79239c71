import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decode } from '../../../src/otlp/codec.ts';
import type { ExportRequest, Signal } from '../../../src/otlp/types.ts';
import { answer } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import { fillBacklog } from './full-backlog.ts';
import { textsOf } from './records.ts';

export interface Taken {
  /** Unix ms, of its arrival. */
  at: number;
  signal: Signal;
  request: ExportRequest;
}

export interface FaultyCollector {
  /** The same whatever it becomes. */
  url: string;
  /** Requests that arrived whole, whatever they were answered. */
  arrived(): number;
  /** Those whose sender was told that they were taken. */
  taken: readonly Taken[];
  /** How often a record was taken, by its text under `idKey`. */
  identities: ReadonlyMap<string, number>;
  /** From the next request on. What is unanswered stays so, but `closed` ends all connections. */
  become(behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

export interface FaultyCollectorOptions {
  behaviour?: Behaviour;
  /** Key of the attribute by which records are told apart. */
  idKey?: string;
  /** Whether `taken` keeps the requests, which may be many; `identities` is there without it. */
  keeps?: boolean;
  /** false: bodies are not even decoded. */
  reads?: boolean;
}

/** An OTLP/HTTP collector on a free port of 127.0.0.1 that goes wrong as it is told. */
export async function startFaultyCollector({
  behaviour = { kind: 'ok' },
  idKey,
  keeps = true,
  reads = true,
}: FaultyCollectorOptions = {}): Promise<FaultyCollector> {
  const taken: Taken[] = [];
  const identities = new Map<string, number>();
  let now: Behaviour = { kind: 'ok' };
  let arrived = 0;
  let backlog: { close(): Promise<void> } | undefined;

  const server = createServer((incoming, response) => {
    // Who goes away in the midst of a request has not sent one.
    take(incoming, response).catch(() => response.destroy());
  });
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(incoming);
    const at = Date.now();
    const signal = signalOf(incoming.url);
    if (signal === undefined) return void response.writeHead(404).end();
    arrived += 1;
    const contentType = incoming.headers['content-type'];
    const request = reads ? decoded(signal, contentType, body, incoming.headers['content-encoding']) : null;
    if (request === undefined) return void response.writeHead(400).end();
    const isTaken = await answer(now, { signal, contentType, request }, response);
    if (!isTaken || request === null) return;
    if (keeps) taken.push({ at, signal, request });
    if (idKey === undefined) return;
    for (const id of textsOf(request, idKey)) identities.set(id, (identities.get(id) ?? 0) + 1);
  };

  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const become = async (next: Behaviour) => {
    now = next;
    await backlog?.close();
    backlog = undefined;
    const isListening = next.kind !== 'closed' && next.kind !== 'hang_connect';
    if (server.listening && !isListening) await stop(server);
    if (!server.listening && isListening) await listen(server, port);
    if (next.kind === 'hang_connect') backlog = await fillBacklog(port);
  };
  await become(behaviour);
  return {
    url: `http://127.0.0.1:${port}`,
    arrived: () => arrived,
    taken,
    identities,
    become,
    close: () => become({ kind: 'closed' }),
  };
}

type HttpServer = ReturnType<typeof createServer>;

async function listen(server: HttpServer, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function stop(server: HttpServer): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function signalOf(url = ''): Signal | undefined {
  return (['logs', 'traces', 'metrics'] as const).find((signal) => url === `/v1/${signal}`);
}

/** undefined: it cannot be read. */
function decoded(
  signal: Signal,
  contentType: string | undefined,
  body: Buffer,
  encoding: string | undefined,
): ExportRequest | undefined {
  const result = decode(signal, contentType, encoding === 'gzip' ? gunzipSync(body) : body);
  return result.ok ? result.request : undefined;
}

import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';

export interface CollectedRequest {
  signal: Signal;
  headers: IncomingHttpHeaders;
  /** Uncompressed. */
  body: Buffer;
  request: ExportRequest;
}

export interface Collector {
  url: string;
  requests: readonly CollectedRequest[];
}

const signals = ['logs', 'traces', 'metrics'] as const satisfies readonly Signal[];

/** An OTLP/HTTP collector on a free port of 127.0.0.1. With `hangs` it takes every request and never answers. */
export async function startCollector({ hangs = false } = {}): Promise<Collector> {
  return collectorAt(0, hangs);
}

/** One where nothing listened: `url` is of `closedUrl`. */
export async function startCollectorAt(url: string): Promise<Collector> {
  return collectorAt(Number(new URL(url).port), false);
}

async function collectorAt(port: number, hangs: boolean): Promise<Collector> {
  const requests: CollectedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { headers, url = '' } = incoming;
    const sent = Buffer.concat(chunks);
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    const signal = signals.find((each) => url === `/v1/${each}`);
    if (signal === undefined) return void response.writeHead(404).end();
    const decoded = decode(signal, headers['content-type'], body);
    if (!decoded.ok) return void response.writeHead(400).end();
    requests.push({ signal, headers, body, request: decoded.request });
    if (!hangs) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  const url = await listen(server, port);
  return { url, requests };
}

/** A URL at which nothing listens (any more). */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

async function listen(server: Server, wanted: number): Promise<string> {
  await new Promise<void>((done) => server.listen(wanted, '127.0.0.1', done));
  onTestFinished(
    () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decompress as unzstd } from 'fzstd';
import type { RecordedRequest } from './api.ts';

export type Handle = (request: RecordedRequest, response: ServerResponse) => void | Promise<void>;

export interface LoopbackServer {
  url: string;
  http: Server;
  close(): Promise<void>;
}

/** An HTTP server on a free port of 127.0.0.1 that gives each request to `handle` with its body parsed. */
export async function startServer(handle: Handle): Promise<LoopbackServer> {
  const http = createServer(async (incoming, response) => {
    try {
      await handle(await record(incoming), response);
    } catch (error) {
      // The client may have gone away in the middle; anything else is told to it, and so shows in the test.
      if (!response.headersSent) response.writeHead(500).end(`mock: ${error}`);
      else response.destroy();
    }
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    http,
    close: () =>
      new Promise((done) => {
        http.close(() => done());
        http.closeAllConnections();
      }),
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function record(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = decode(Buffer.concat(chunks), incoming.headers['content-encoding']);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: body.length > 0 ? JSON.parse(body.toString('utf8')) : null,
  };
}

function decode(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'zstd') return Buffer.from(unzstd(body));
  return body;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stands in the place of a model and refuses whatever is asked: nothing that could cost is ever asked of a real one. */
export interface RefusingModel {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** When it was asked its first question, `performance.now()`; null before. */
  askedAt(): number | null;
  close(): void;
}

/**
 * @param questionPath of the requests that ask a model, and no list of models or update
 * @param afterMs how long a question waits for its refusal
 */
export async function startRefusingModel(
  refusal: unknown,
  questionPath: RegExp,
  afterMs: number,
): Promise<RefusingModel> {
  let askedAt: number | null = null;
  const server = createServer(async (request, response) => {
    const isQuestion = request.method === 'POST' && questionPath.test(request.url ?? '');
    if (isQuestion) askedAt ??= performance.now();
    request.resume();
    if (isQuestion) await sleep(afterMs);
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
  });
  // What would go through a proxy goes nowhere.
  server.on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\n\r\n'));
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    askedAt: () => askedAt,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isConnectionEnd, ProxyRefusal } from './connection-fault.ts';
import type { HttpRoute } from './http-route.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** With the query. */
  path: string;
  /** Stronger than those of the target. */
  headers?: Readonly<Record<string, string | number>>;
  body?: Uint8Array;
  /** So much of the answer's body is read at most. Bytes. */
  answerLimit: number;
}

export interface HttpResult {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The way to one destination, over one connection that is kept alive. */
export class HttpConnection {
  readonly #route: HttpRoute;
  readonly #headers: Readonly<Record<string, string>>;
  #isClosed = false;

  constructor(route: HttpRoute, headers: Readonly<Record<string, string>>) {
    this.#route = route;
    this.#headers = { ...route.headers, ...headers };
  }

  /**
   * Redirects are not followed.
   *
   * @throws what `answerToFault` understands
   */
  async request(request: HttpRequest, abort: AbortSignal): Promise<HttpResult> {
    abort.throwIfAborted();
    if (this.#isClosed) throw new Error('closed');
    const result = await this.#exchange(request, abort);
    if (result.status === 407 && this.#route.origin !== '') throw new ProxyRefusal(407);
    return result;
  }

  /** Ends what is under way as well. */
  close(): void {
    this.#isClosed = true;
    this.#route.to.agent.destroy();
  }

  #exchange(request: HttpRequest, abort: AbortSignal): Promise<HttpResult> {
    const { to, origin, request: send } = this.#route;
    const { method, path, body, answerLimit } = request;
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      /** Where the answer breaks off, the connection may have said why. */
      let fault: Error | undefined;
      const headers = { ...this.#headers, ...request.headers };
      const sent = send({ ...to, method, path: `${origin}${path}`, headers }, (response) => {
        isAnswered = true;
        const { statusCode: status = 0, headers } = response;
        const resolveWith = (body: Buffer) => {
          // Answered before all was sent: the server may not read the rest, and no other request would get through.
          if (!sent.writableFinished) sent.destroy();
          resolve({ status, headers, body });
        };
        readLimited(response, answerLimit).then(resolveWith, (error) => reject(fault ?? error));
      });
      sent.on('error', (error) => {
        fault ??= error;
        if (isAnswered) return;
        // The server ended a connection that we took for alive (Node's documentation of `reusedSocket`): then a new one is made.
        const isStale = sent.reusedSocket && isConnectionEnd(error);
        if (isStale && !this.#isClosed && !abort.aborted) resolve(this.#exchange(request, abort));
        else reject(error);
      });
      const giveUp = () => {
        reject(abort.reason);
        sent.destroy();
      };
      abort.addEventListener('abort', giveUp, { once: true });
      // Or it would hold the body until the time is up.
      sent.once('close', () => abort.removeEventListener('abort', giveUp));
      sent.end(body);
    });
  }
}

function readLimited(response: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = () => resolve(Buffer.concat(chunks));
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) return void chunks.push(chunk);
      finish();
      response.destroy();
    });
    response.on('end', finish).on('error', reject);
  });
}

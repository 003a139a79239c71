import type { Signal } from '../../../otlp/types.ts';
import type { Payload } from '../payload.ts';
import { answerToFault } from './connection-fault.ts';
import { answerOf } from './http-answer.ts';
import type { HttpConnection } from './http-connection.ts';
import type { Answer, Transport } from './transport.ts';

/** Longest answer that is read, as the specification recommends. Bytes. */
const answerLimit = 4 * 1024 * 1024;

/** How long one attempt may take, to the end of the answer. ms. */
const attemptTimeout = 10_000;

/** OTLP/HTTP, protobuf, compressed. */
export class HttpTransport implements Transport {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #connection: HttpConnection;

  /** @param url to which `/v1/<signal>` is appended. */
  constructor(url: string, headers: Readonly<Record<string, string>>, connection: HttpConnection) {
    this.#url = url;
    this.#headers = {
      ...headers,
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    };
    this.#connection = connection;
  }

  async export(signal: Signal, payload: Payload, abort: AbortSignal): Promise<Answer> {
    try {
      const body = await payload.compressed();
      const { origin, pathname: path } = new URL(`${this.#url}/v1/${signal}`);
      const response = await this.#connection.dispatcher.request({
        origin,
        path,
        method: 'POST',
        headers: this.#headers,
        body,
        // Timeouts between the bytes alone would let a server keep it for ever.
        signal: AbortSignal.any([abort, AbortSignal.timeout(attemptTimeout)]),
      });
      const answer = {
        status: response.statusCode,
        contentType: text(response.headers['content-type']),
        retryAfter: text(response.headers['retry-after']),
        body: await readLimited(response.body),
      };
      return answerOf(signal, answer, body.length, Date.now());
    } catch (error) {
      return answerToFault(error, this.#connection.socketFault());
    }
  }

  async close(): Promise<void> {
    await this.#connection.dispatcher.destroy();
  }
}

async function readLimited(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > answerLimit) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function text(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

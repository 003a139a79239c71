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

const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };

/** OTLP/HTTP, protobuf, compressed. */
export class HttpTransport implements Transport {
  readonly #url: string;
  readonly #connection: HttpConnection;

  /** @param url to which `/v1/<signal>` is appended. @param connection to it */
  constructor(url: string, connection: HttpConnection) {
    this.#url = url;
    this.#connection = connection;
  }

  async export(signal: Signal, payload: Payload, abort: AbortSignal): Promise<Answer> {
    try {
      const body = await payload.compressed();
      const { pathname: path } = new URL(`${this.#url}/v1/${signal}`);
      const result = await this.#connection.request(
        { method: 'POST', path, headers, body, answerLimit },
        // Timeouts between the bytes alone would let a server keep it for ever.
        AbortSignal.any([abort, AbortSignal.timeout(attemptTimeout)]),
      );
      const response = {
        status: result.status,
        contentType: result.headers['content-type'],
        retryAfter: result.headers['retry-after'],
        body: result.body,
      };
      return answerOf(signal, response, body.length, Date.now());
    } catch (error) {
      return answerToFault(error);
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

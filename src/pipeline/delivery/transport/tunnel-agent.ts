import type { ClientRequest } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { ProxyRefusal } from './connection-fault.ts';

/** How long a proxy may take to lead on. ms */
const limitMs = 10_000;

/** Makes connections by asking a proxy for a tunnel (CONNECT, RFC 9110 §9.3.6), with TLS in it. */
export class TunnelAgent extends Agent {
  readonly #ask: () => ClientRequest;
  /** Under way. */
  readonly #asked = new Set<ClientRequest>();

  /** @param ask begins a CONNECT to the proxy */
  constructor(options: AgentOptions, ask: () => ClientRequest) {
    super(options);
    this.#ask = ask;
  }

  override createConnection(
    options: RequestOptions,
    callback: (error: Error | null, stream?: Duplex | null) => void,
  ): undefined {
    const asked = this.#ask();
    // Whoever waits for the connection may have given up: then nobody else would end this.
    const limit = setTimeout(() => asked.destroy(new Error('no answer in time')), limitMs).unref();
    this.#asked.add(asked);
    asked.once('close', () => {
      clearTimeout(limit);
      this.#asked.delete(asked);
    });
    asked.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode < 200 || statusCode >= 300) {
        socket.destroy();
        return callback(new ProxyRefusal(statusCode));
      }
      const within = { ...options, socket };
      callback(null, super.createConnection(within));
    });
    asked.on('error', callback);
    asked.end();
  }

  override destroy(): void {
    for (const each of this.#asked) each.destroy();
    super.destroy();
  }
}

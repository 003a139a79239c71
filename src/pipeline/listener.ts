import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Signal } from '../otlp/types.ts';
import type { HttpServer } from './http-server.ts';

/** One export request as it came over the wire, body still compressed. */
export interface Received {
  signal: Signal;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  body: Buffer;
  /** Unix ms. */
  at: number;
}

export interface Listener {
  /**
   * Base URL for the CLI: loopback, a port of the system's choice, and a secret of this run as the first path
   * segment.
   */
  url: string;
  /** Connections that are open now. The kernel closes those of a process that has ended. */
  connections(): number;
  /** When the last byte of a request arrived, Unix ms; 0 before the first. */
  lastRequestAt(): number;
  /** Bodies over the limit, which were refused. */
  oversized(): number;
  /** Loads what is needed to speak HTTP; without it the first connection does. */
  warmUp(): void;
  close(): Promise<void>;
}

/**
 * Receives OTLP/HTTP on loopback. Rejects when it cannot listen. Only the socket is opened here: HTTP takes
 * longer to load than anything else before the CLI's start, and is there long before the CLI says a word.
 * @param secret of this run, safe in a URL's path: who does not know it is refused.
 */
export function startListener(secret: string, onRequest: (received: Received) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  let lastRequestAt = 0;
  let oversized = 0;
  let http: Promise<HttpServer> | undefined;
  const load = () => {
    http ??= import('./http-server.ts').then(({ createHttpServer }) =>
      createHttpServer(secret, {
        received: (received) => {
          lastRequestAt = received.at;
          // Its sender has been answered: what is done with it comes afterwards.
          setImmediate(() => onRequest(received));
        },
        oversized: () => {
          oversized += 1;
        },
      }),
    );
    return http;
  };

  // Nothing is read from a connection before HTTP is there to read it.
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    load().then(
      ({ serve }) => serve(socket),
      () => socket.destroy(),
    );
  });

  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      // Nobody waits for the listener alone: what keeps the run going is the CLI.
      server.unref();
      resolve({
        url: `http://127.0.0.1:${port}/${secret}`,
        connections: () => sockets.size,
        lastRequestAt: () => lastRequestAt,
        oversized: () => oversized,
        warmUp: () => void load().catch(() => {}),
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

import type { Signal } from '../../otlp/types.ts';
import type { HttpServer } from './http-server.ts';
import { listenOnLoopback } from './loopback-socket.ts';
import { watched } from './watched.ts';

/** One export request as it came over the wire, body still compressed. */
export interface Received {
  signal: Signal;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  body: Buffer;
  /** Unix ms. */
  at: number;
}

/** Where the requests go. */
export interface Intake {
  /**
   * Called before the sender is answered, and keeps it waiting: what is done with the request besides keeping
   * it belongs behind a `setImmediate`. Should it throw, the sender gets its 200 all the same.
   */
  accept(received: Received): void;
  /**
   * null while there is room for another body; else resolves when there may be, and no body is begun until
   * then. Those that are being read come nevertheless.
   */
  room(): Promise<void> | null;
}

export interface Listener {
  /**
   * Base URL for the CLI: loopback, a port of the system's choice, and a secret of this run as the first path
   * segment.
   */
  url: string;
  /** The same without the secret, for a CLI that sends it as a header (`secretHeader` in request-target.ts). */
  origin: string;
  /** As of `LoopbackSocket`. */
  connections(): number;
  /** When the last byte of a request arrived, Unix ms; 0 before the first. */
  lastRequestAt(): number;
  /** Bodies over the limit, which were refused. */
  oversized(): number;
  /** Connections that were turned away: they said something, but never the secret. */
  strangers(): number;
  /** Connections that were ended in the middle of a request, because it was too slow. */
  timeouts(): number;
  /** Loads what is needed to speak HTTP; without it the first connection does. */
  warmUp(): void;
  close(): Promise<void>;
}

/**
 * Receives OTLP/HTTP on loopback. Rejects when it cannot listen. Only the socket is opened here: HTTP takes
 * longer to load than anything else before the CLI's start, and is there long before the CLI says a word.
 * @param secret of this run, safe in a URL's path: who does not know it is refused.
 * @param loadIntake awaited before anything is read from a connection
 * @param tickMs what the time limits count in; a second, unless a test is in a hurry.
 */
export async function startListener(
  secret: string,
  loadIntake: () => Promise<Intake>,
  tickMs = 1000,
): Promise<Listener> {
  let lastRequestAt = 0;
  let http: HttpServer | undefined;
  let loading: Promise<HttpServer> | undefined;
  const load = async (): Promise<HttpServer> => {
    const [{ createHttpServer }, intake] = await Promise.all([import('./http-server.ts'), loadIntake()]);
    const noted = watched(intake, (at) => {
      lastRequestAt = at;
    });
    http = createHttpServer(secret, noted, tickMs);
    return http;
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };

  // A sender that has closed its side, or is gone, has its last request read to the end nevertheless.
  const { origin, connections, close } = await listenOnLoopback({ allowHalfOpen: true }, (socket) => {
    loaded().then(
      ({ serve }) => serve(socket),
      () => socket.destroy(),
    );
  });
  return {
    url: `${origin}/${secret}`,
    origin,
    connections,
    lastRequestAt: () => lastRequestAt,
    oversized: () => http?.oversized() ?? 0,
    strangers: () => http?.strangers() ?? 0,
    timeouts: () => http?.timeouts() ?? 0,
    warmUp: () => void loaded().catch(() => {}),
    close,
  };
}

import type { GrpcServer } from './grpc-server.ts';
import type { Intake, Listener } from './listener.ts';
import { listenOnLoopback } from './loopback-socket.ts';
import { watched } from './watched.ts';

/** Codex opens one connection for each signal. */
const connectionLimit = 16;

/** A connection that has not shown the secret by then is closed. ms */
const strangerMs = 10_000;

/** `url` is `http://127.0.0.1:PORT`: the secret comes as metadata `secretHeader` with each request. */
export type GrpcListener = Pick<
  Listener,
  'url' | 'connections' | 'lastRequestAt' | 'strangers' | 'warmUp' | 'close'
>;

/**
 * Receives OTLP/gRPC on loopback, for a CLI whose user has an exporter that cannot be made to speak HTTP. As
 * with HTTP only the socket is opened here, and what speaks on it loads while the CLI boots. Rejects when it
 * cannot listen.
 * @param secret of this run: who does not know it is refused.
 */
export async function startGrpcListener(
  secret: string,
  loadIntake: () => Promise<Intake>,
  limitMs = strangerMs,
): Promise<GrpcListener> {
  let lastRequestAt = 0;
  let strangers = 0;
  let loading: Promise<GrpcServer> | undefined;
  const load = async (): Promise<GrpcServer> => {
    const [{ createGrpcServer }, intake] = await Promise.all([import('./grpc-server.ts'), loadIntake()]);
    const noted = watched(intake, (at) => {
      lastRequestAt = at;
    });
    return createGrpcServer(secret, noted);
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };

  const { origin, connections, close } = await listenOnLoopback({}, (socket, open) => {
    if (open >= connectionLimit) {
      strangers += 1;
      socket.destroy();
      return;
    }
    loaded().then(
      ({ serve }) => {
        const connection = serve(socket);
        const timer = setTimeout(() => {
          if (!connection.isKnown()) socket.destroy();
        }, limitMs).unref();
        socket.once('close', () => {
          clearTimeout(timer);
          if (!connection.isKnown()) strangers += 1;
        });
      },
      () => socket.destroy(),
    );
  });
  return {
    url: origin,
    connections,
    lastRequestAt: () => lastRequestAt,
    strangers: () => strangers,
    warmUp: () => void loaded().catch(() => {}),
    close,
  };
}

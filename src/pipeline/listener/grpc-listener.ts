import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { GrpcServer } from './grpc-server.ts';
import type { Intake, Listener } from './listener.ts';

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
export function startGrpcListener(
  secret: string,
  loadIntake: () => Promise<Intake>,
  limitMs = strangerMs,
): Promise<GrpcListener> {
  const sockets = new Set<Socket>();
  let lastRequestAt = 0;
  let strangers = 0;
  let loading: Promise<GrpcServer> | undefined;
  const load = async (): Promise<GrpcServer> => {
    const [{ createGrpcServer }, intake] = await Promise.all([import('./grpc-server.ts'), loadIntake()]);
    return createGrpcServer(secret, {
      accept: (received) => {
        lastRequestAt = received.at;
        intake.accept(received);
      },
      room: () => intake.room(),
    });
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };

  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    if (sockets.size >= connectionLimit) {
      strangers += 1;
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('error', () => {});
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
    socket.once('close', () => sockets.delete(socket));
  });

  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.unref();
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        connections: () => sockets.size,
        lastRequestAt: () => lastRequestAt,
        strangers: () => strangers,
        warmUp: () => void loaded().catch(() => {}),
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

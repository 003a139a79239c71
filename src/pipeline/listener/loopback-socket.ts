import { type AddressInfo, createServer, type ServerOpts, type Socket } from 'node:net';

/** A socket that listens on loopback, on a port of the system's choice. */
export interface LoopbackSocket {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  /** Connections that are open now. The kernel closes those of a process that has ended. */
  connections(): number;
  close(): Promise<void>;
}

/**
 * Rejects when it cannot listen. Nothing is read from a connection before its handler does.
 * @param onConnection may destroy it at once; `open` is how many there are besides.
 */
export function listenOnLoopback(
  options: ServerOpts,
  onConnection: (socket: Socket, open: number) => void,
): Promise<LoopbackSocket> {
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, noDelay: true, ...options }, (socket) => {
    socket.on('error', () => {});
    onConnection(socket, sockets.size);
    if (socket.destroyed) return;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    // Stays for later errors: too many open files cost the connection, and must not cost the run.
    server.on('error', reject);
    server.listen(place(), () => {
      // Nobody waits for the listener alone: what keeps the run going is the CLI.
      server.unref();
      resolve({
        origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        connections: () => sockets.size,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

const loopback = { host: '127.0.0.1', port: 0 };

/**
 * Newer Nodes bind at once to an address that is a number. Asked to listen there, they look it up like a name: 8 ms on Node 26, before
 * the CLI can be started (bench/startup.mjs).
 */
function place(): object {
  const { BoundSocket } = process.getBuiltinModule('node:net') as {
    BoundSocket?: new (address: typeof loopback) => object;
  };
  return BoundSocket === undefined ? loopback : new BoundSocket(loopback);
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which any bytes can be sent; what comes back is kept. */
export interface RawConnection {
  socket: Socket;
  /** What was answered so far, Latin-1. */
  answers(): string;
  /** The status of each answer so far, interim ones too. */
  statuses(): number[];
  /** Resolves when the connection is over, however it ended. */
  closed: Promise<unknown>;
}

/** @param url names host and port */
export async function openRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answers = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    answers += chunk.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return {
    socket,
    answers: () => answers,
    statuses: () => [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)),
    closed,
  };
}

/** The head of a request, up to and with the empty line. */
export function head(path: string, fields: Readonly<Record<string, string | number>> = {}): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`;
}

/** Resolves when the condition holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

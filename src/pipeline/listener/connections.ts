import type { Socket } from 'node:net';
import { Connection } from './connection.ts';

/** More than any CLI opens, with the programs that it starts. */
const limit = 128;

/**
 * All open connections: how many there may be, and how long one may keep us waiting. node:http's own time
 * limits do not work here: they are looked after from the moment a server listens, and ours never does. They go
 * by the clock besides, so that a CLI whose bytes are waiting in the socket would be cut off after a sleep.
 */
export class Connections {
  /** Oldest first. */
  readonly #all = new Map<Socket, Connection>();
  readonly #tickMs: number;
  #clock: NodeJS.Timeout | undefined;
  /** Turned away without having shown the secret, though they had something to say. */
  strangers = 0;
  /** Ended in the middle of a request that was too slow. */
  timeouts = 0;

  /** @param tickMs a second; tests are in more of a hurry. */
  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  /** false when there is no room, and it was closed: who knows the secret is never closed for a stranger. */
  add(socket: Socket): boolean {
    if (this.#all.size >= limit && !this.#displace()) {
      this.strangers += 1;
      socket.destroy();
      return false;
    }
    this.#all.set(socket, new Connection(socket));
    socket.once('close', () => this.#closed(socket));
    this.#clock ??= setInterval(() => this.#tick(), this.#tickMs).unref();
    return true;
  }

  of(socket: Socket): Connection | undefined {
    return this.#all.get(socket);
  }

  #displace(): boolean {
    for (const [socket, { isKnown }] of this.#all) {
      if (isKnown) continue;
      socket.destroy();
      // Its event comes later than the next connection may.
      this.#closed(socket);
      return true;
    }
    return false;
  }

  #tick(): void {
    // After a sleep the bytes which are waiting are read first.
    setImmediate(() => {
      for (const connection of this.#all.values()) {
        if (!connection.tick()) continue;
        connection.isTimedOut = true;
        connection.socket.destroy();
      }
    });
  }

  #closed(socket: Socket): void {
    const connection = this.#all.get(socket);
    if (!this.#all.delete(socket) || !connection) return;
    // A connection that was opened to have one in reserve, and never used, is no sign of anything.
    if (socket.bytesRead > 0) {
      if (connection.isTimedOut) this.timeouts += 1;
      else if (!connection.isKnown) this.strangers += 1;
    }
    if (this.#all.size === 0) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
  }
}

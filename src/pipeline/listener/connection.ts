import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Time limits, in ticks of one second. */
const limits = {
  /** From the connection to the end of the first headers, and from the first byte of later ones to their end. */
  headers: 5,
  /** Without a byte of the body. */
  quietBody: 10,
  body: 60,
} as const;

/**
 * How long a connection has kept us waiting. Time is counted in ticks, not read off a clock: a tick that is
 * held up, because ai-trace was stopped or the machine slept, is one tick. A connection which has shown the
 * secret may be silent between its requests as long as it likes: it lives as long as the CLI.
 */
export class Connection {
  readonly socket: Socket;
  /** Its last request knew the secret. */
  isKnown = false;
  /** It gets its last answer: what follows on it is not looked at, since nobody would be told what came of it. */
  isEnding = false;
  /** It was ended for being slow. */
  isTimedOut = false;
  #request: IncomingMessage | undefined;
  /** Bytes it had sent when its last request was over. */
  #settledBytes = 0;
  /** Bytes it had sent at the last tick. */
  #bytes = 0;
  #ticks = 0;
  #quietTicks = 0;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** The headers of a request are complete. */
  begin(request: IncomingMessage, isKnown: boolean): void {
    this.isKnown = isKnown;
    this.#request = request;
    this.#ticks = 0;
    this.#quietTicks = 0;
    request.once('end', () => {
      this.#ticks = 0;
      this.#settledBytes = this.socket.bytesRead;
    });
  }

  /** A second has gone by. true: it has been kept open too long. */
  tick(): boolean {
    const { bytesRead } = this.socket;
    this.#quietTicks = bytesRead === this.#bytes ? this.#quietTicks + 1 : 0;
    this.#bytes = bytesRead;
    if (this.#isHeld()) return false;
    const isBody = this.#isInBody();
    if (!isBody && this.isKnown && bytesRead === this.#settledBytes) return false;
    this.#ticks += 1;
    if (!isBody) return this.#ticks > limits.headers;
    return this.#ticks > limits.body || this.#quietTicks > limits.quietBody;
  }

  #isInBody(): boolean {
    return this.#request !== undefined && !this.#request.readableEnded && !this.#request.destroyed;
  }

  /** It is we who do not read. */
  #isHeld(): boolean {
    return this.#isInBody() && this.#request?.readableFlowing !== true;
  }
}

import type { Signal } from '../../otlp/types.ts';
import {
  type Destination,
  type DestinationReport,
  emptyReport,
} from '../../pipeline/delivery/destination.ts';
import type { Outgoing } from '../../pipeline/delivery/outgoing.ts';
import { Payload } from '../../pipeline/delivery/payload.ts';
import type { Answer, Transport } from '../../pipeline/delivery/transport/transport.ts';

export interface Answered {
  signal: Signal;
  records: number;
  answer: Answer;
}

/**
 * A collector that is sent each request once: nothing is tried again, spooled or left for later, and every answer is
 * kept. After the first silence it is not asked any more.
 */
export class ProbeDestination implements Destination {
  readonly #transport: Transport;
  readonly #report: DestinationReport;
  readonly answers: Answered[] = [];
  #last: Promise<void> = Promise.resolve();
  /** In requests to it, ms. */
  spentMs = 0;

  constructor(url: string, transport: Transport) {
    this.#transport = transport;
    this.#report = emptyReport(url);
  }

  send({ signal, parts, settled }: Outgoing): void {
    const encoded = parts();
    this.#last = this.#last.then(async () => {
      for (const { body, records } of encoded) await this.#post(signal, body, records);
      settled();
    });
  }

  async #post(signal: Signal, body: Uint8Array, records: number): Promise<void> {
    if (this.answers.some(({ answer }) => answer.kind === 'unavailable' && !answer.answered)) return;
    const begun = performance.now();
    // The transport has a time limit of its own.
    const answer = await this.#transport.export(signal, Payload.plain(body), new AbortController().signal);
    this.spentMs += performance.now() - begun;
    this.answers.push({ signal, records, answer });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#transport.close();
  }

  report(): DestinationReport {
    return { ...this.#report };
  }
}

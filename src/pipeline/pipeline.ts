import { decode } from '../otlp/codec.ts';
import { countRecords } from '../otlp/count.ts';
import { decompress } from './decompress.ts';
import { Deliveries } from './deliveries.ts';
import type { Destination } from './destination.ts';
import type { Received } from './listener.ts';
import type { Understanding } from './understand.ts';

/**
 * One request after the other, in the order they arrived: decompress, decode, understand, hand to the
 * destinations.
 */
export class Pipeline {
  readonly #understanding: Understanding;
  readonly #destinations: readonly Destination[];
  #last: Promise<void> = Promise.resolve();
  readonly #deliveries = new Deliveries();
  /** Requests that could not be read; the CLI got its 200 all the same. */
  undecodable = 0;

  constructor(understanding: Understanding, destinations: readonly Destination[]) {
    this.#understanding = understanding;
    this.#destinations = destinations;
  }

  accept(received: Received): void {
    // A fault of ours with one request must not cost the next one.
    this.#last = this.#last
      .then(() => this.#process(received))
      .catch(() => {
        this.undecodable += 1;
      });
  }

  /** Resolves when everything accepted so far has been handed on. */
  settled(): Promise<void> {
    return this.#last;
  }

  async #process({ signal, contentType, contentEncoding, body }: Received): Promise<void> {
    if (this.#deliveries.isRepeated(signal, body)) return;
    const plain = await decompress(body, contentEncoding);
    const decoded = plain === null ? null : decode(signal, contentType, plain);
    if (!decoded?.ok) {
      this.undecodable += 1;
      return;
    }
    const records = countRecords(signal, decoded.request);
    this.#understanding.read(decoded.request);
    if (records === 0) return;
    for (const destination of this.#destinations) destination.send(signal, decoded.request, records);
  }
}

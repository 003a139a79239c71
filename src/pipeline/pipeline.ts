import { decode } from '../otlp/codec.ts';
import { countRecords } from '../otlp/count.ts';
import type { ExportRequest, Signal } from '../otlp/types.ts';
import { type ContentPolicy, withoutContent } from './content.ts';
import { decompress } from './decompress.ts';
import { Deliveries } from './deliveries.ts';
import type { Destination } from './destination.ts';
import type { Received } from './listener.ts';
import type { Understanding } from './understand.ts';

interface Understood {
  signal: Signal;
  request: ExportRequest;
  /** The part of it that is to be made fit to leave. */
  own: ExportRequest;
  records: number;
}

/** A CLI names its session with its first log; one that never does must not fill the memory. Requests. */
const heldLimit = 256;

/**
 * One request after the other, in the order they arrived: decompress, decode, understand, hand to the
 * destinations.
 */
export class Pipeline {
  readonly #understanding: Understanding;
  readonly #content: ContentPolicy;
  readonly #destinations: readonly Destination[];
  #last: Promise<void> = Promise.resolve();
  /** Understood, but from before the CLI named its session. */
  readonly #held: Understood[] = [];
  readonly #deliveries = new Deliveries();
  /** Requests that could not be read; the CLI got its 200 all the same. */
  undecodable = 0;

  constructor(
    understanding: Understanding,
    destinations: readonly Destination[],
    content: ContentPolicy = withoutContent,
  ) {
    this.#understanding = understanding;
    this.#content = content;
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

  /** Sends what ai-trace itself has to tell, the way that the CLI's records go. */
  send(signal: Signal, request: ExportRequest): void {
    this.#hold(signal, request, request);
  }

  /** Resolves when everything accepted so far has been handed on. */
  async settled(): Promise<void> {
    await this.#last;
    this.#handOn();
  }

  async #process({ signal, contentType, contentEncoding, body }: Received): Promise<void> {
    if (this.#deliveries.isRepeated(signal, body)) return;
    const plain = await decompress(body, contentEncoding);
    const decoded = plain === null ? null : decode(signal, contentType, plain);
    if (!decoded?.ok) {
      this.undecodable += 1;
      return;
    }
    const own = this.#understanding.read(decoded.request);
    this.#hold(signal, decoded.request, own);
  }

  #hold(signal: Signal, request: ExportRequest, own: ExportRequest): void {
    const records = countRecords(signal, request);
    if (records === 0) return;
    this.#held.push({ signal, request, own, records });
    if (this.#understanding.isNamed || this.#held.length >= heldLimit) this.#handOn();
  }

  #handOn(): void {
    this.#understanding.name();
    for (const { signal, request, own, records } of this.#held.splice(0)) {
      this.#content.clean(own);
      for (const destination of this.#destinations) destination.send(signal, request, records);
    }
  }
}

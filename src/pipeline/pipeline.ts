import { setTimeout as sleep } from 'node:timers/promises';
import { decodeInParts } from '../otlp/codec.ts';
import { countRecords } from '../otlp/count.ts';
import { RepeatedAttributes } from '../otlp/repeated-attributes.ts';
import type { ExportRequest, Signal } from '../otlp/types.ts';
import { type ContentPolicy, withoutContent } from './content.ts';
import { Deliveries } from './deliveries.ts';
import type { Destination } from './delivery/destination.ts';
import { afterCalls } from './delivery/item.ts';
import { outgoing } from './delivery/outgoing.ts';
import { decompress } from './listener/decompress.ts';
import type { Received } from './listener/listener.ts';
import { Pace } from './pace.ts';
import type { Understanding } from './understand.ts';

/** What happens to one request on its way through. */
export interface Passage {
  /** False for one that every destination has had: it is understood, and not sent again. */
  forward: boolean;
  /** It has been understood: its body is not needed any more. */
  read(): void;
  /** Every destination has it, or there is nothing of it to send. */
  settled(): void;
}

interface Understood {
  signal: Signal;
  request: ExportRequest;
  /** The part of it that is to be made fit to leave. */
  own: ExportRequest;
  records: number;
  settled(): void;
}

/** A CLI names its session with its first log; one that never does must not fill the memory. Parts of requests. */
const heldLimit = 256;

/**
 * One request after the other, in the order they arrived: decompress, decode, understand, hand to the
 * destinations. In parts and in turns: the listener answers meanwhile, however much there is to do.
 */
export class Pipeline {
  readonly #understanding: Understanding;
  readonly #content: ContentPolicy;
  readonly #destinations: readonly Destination[];
  readonly #pace = new Pace();
  readonly #repeated = new RepeatedAttributes();
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

  accept(received: Received, passage: Passage = unobserved): void {
    // A fault of ours with one request must not cost the next one.
    this.#last = this.#last
      .then(() => this.#process(received, passage))
      .catch(() => {
        this.undecodable += 1;
        passage.settled();
      })
      .finally(passage.read);
  }

  /** Sends what ai-trace itself has to tell, the way that the CLI's records go. */
  send(signal: Signal, request: ExportRequest): void {
    this.#hold({ signal, request, own: request, records: countRecords(signal, request), settled: () => {} });
  }

  /**
   * Resolves when everything accepted so far has been handed on, or the time is up.
   * @returns whether all of it has been.
   */
  async settled(limitMs?: number): Promise<boolean> {
    const all = this.#last.then(() => true);
    const isAll = await (limitMs === undefined ? all : Promise.race([all, sleep(limitMs, false)]));
    this.#handOn();
    return isAll;
  }

  async #process(
    { signal, contentType, contentEncoding, body }: Received,
    { forward, settled }: Passage,
  ): Promise<void> {
    if (this.#deliveries.isRepeated(signal, body)) {
      settled();
      return;
    }
    const plain = await decompress(body, contentEncoding);
    await this.#pace.rest();
    // Parts that are not settled, and one more until all of them are known.
    let open = 1;
    const close = () => {
      open -= 1;
      if (open === 0) settled();
    };
    let isReadable = plain !== null;
    const { spanNeeds } = this.#understanding;
    for (const part of plain ? decodeInParts(signal, contentType, plain, this.#repeated, spanNeeds) : []) {
      isReadable &&= part.ok;
      if (!part.ok) continue;
      const { request } = part;
      const own = await this.#read(request);
      const records = countRecords(signal, request);
      if (!forward || records === 0) continue;
      open += 1;
      this.#hold({ signal, request, own, records, settled: close });
    }
    if (!isReadable) this.undecodable += 1;
    close();
  }

  async #read(request: ExportRequest): Promise<ExportRequest> {
    const steps = this.#understanding.reading(request);
    for (let step = steps.next(); ; step = steps.next()) {
      const rest = this.#pace.rest();
      if (rest) await rest;
      if (step.done) return step.value;
    }
  }

  #hold(understood: Understood): void {
    if (understood.records === 0 || this.#destinations.length === 0) {
      understood.settled();
      return;
    }
    this.#held.push(understood);
    if (this.#understanding.isNamed || this.#held.length >= heldLimit) this.#handOn();
  }

  #handOn(): void {
    this.#understanding.name();
    for (const { own, settled, ...told } of this.#held.splice(0)) {
      this.#content.clean(own);
      const request = outgoing({ ...told, settled: afterCalls(this.#destinations.length, settled) });
      for (const destination of this.#destinations) destination.send(request);
    }
  }
}

const unobserved: Passage = { forward: true, read: () => {}, settled: () => {} };

import { setTimeout as sleep } from 'node:timers/promises';
import type { Signal } from '../../otlp/types.ts';
import type { Spool } from '../spool/spool.ts';
import { attempt } from './attempt.ts';
import { Breaker, type MonotonicMs } from './breaker.ts';
import { type Destination, type DestinationReport, emptyReport } from './destination.ts';
import { Drain, type Left } from './drain.ts';
import { afterCalls, type Item, isOnDisk } from './item.ts';
import type { Outgoing } from './outgoing.ts';
import { Payload } from './payload.ts';
import { Queue } from './queue.ts';
import { halves } from './split.ts';
import type { Answer, Transport } from './transport/transport.ts';

export interface OtlpDestinationOptions {
  /** As it is told and kept on disk. */
  url: string;
  /** Headers or a client certificate are used with it; they are never on disk. */
  needsHeaders: boolean;
  transport: Transport;
  spool: Pick<Spool, 'keep' | 'waiting'>;
  /** From 0 to 1. */
  random(): number;
  now: MonotonicMs;
  /** What comes within this time, when nothing is under way, leaves as one request, unless it is much; none is waited without it. ms */
  gatheringMs?: number;
}

/** When so much waits to leave, no more is waited for. Bytes of protobuf */
const muchToSend = 1024 * 1024;
/** The same near the end: so much takes some ms to compress, in which other things are done. */
const muchAtEnd = 64 * 1024;

/** Requests that are sent, at most, to find what is bad in one. */
const searchLimit = 64;

/**
 * A collector that speaks OTLP. One request is under way at a time. What it does not take now waits, in memory
 * and on disk, and is tried again until the end; then it is left to later runs. What earlier runs have left is
 * sent when there is nothing else to do.
 */
export class OtlpDestination implements Destination {
  readonly #transport: Transport;
  readonly #breaker: Breaker;
  readonly #queue: Queue;
  readonly #drain: Drain;
  readonly #report: DestinationReport;
  readonly #gatheringMs: number;
  #muchToSend = muchToSend;
  /** Whether the pause is a wait for more to send. */
  #isGathering = false;
  #endPause = () => {};
  /** Signals that are not taken as address and credentials are: a store of traces knows no logs. */
  readonly #shut = new Set<Signal>();
  #isDelivering = false;
  #delivering: Promise<void> = Promise.resolve();
  #onProgress: ((left: Left) => void) | null = null;
  /** Set while closing: ends waits and draining at once, and after the budget the attempt under way. */
  readonly #closing = new AbortController();
  readonly #expired = new AbortController();
  #isClosed = false;
  /** What was said when the first signal was shut out. */
  #misdirected: string | null = null;

  constructor({ url, needsHeaders, transport, spool, random, now, gatheringMs = 0 }: OtlpDestinationOptions) {
    this.#transport = transport;
    this.#breaker = new Breaker(now, random);
    this.#queue = new Queue({ destination: url, needsHeaders, spool });
    this.#drain = new Drain({ destination: url, needsHeaders, spool });
    this.#report = emptyReport(url);
    this.#gatheringMs = gatheringMs;
  }

  send({ signal, parts, settled }: Outgoing): void {
    const encoded = parts();
    const origin = { signal, at: Date.now(), isEarlier: false, search: null };
    const done = afterCalls(encoded.length, settled);
    for (const part of encoded) {
      this.#queue.add({ ...origin, ...part, done });
    }
    this.#gatherEnough();
    if (this.#isClosed) this.#queue.releaseAll();
    else this.#start();
  }

  report(): DestinationReport {
    const { dropped, spooled } = this.#queue;
    const misdirected =
      this.#misdirected && ({ state: 'misdirected', lastError: this.#misdirected } as const);
    return { ...this.#report, ...misdirected, dropped: this.#report.dropped + dropped, spooled };
  }

  /**
   * Sends what earlier runs have left, for `limitMs` at most, with pauses while the collector does not answer,
   * and closes. `onProgress` is told what is left after each request of theirs.
   * @returns what is left at the end.
   */
  async drainAll(limitMs: number, onProgress: (left: Left) => void): Promise<Left> {
    this.#onProgress = onProgress;
    this.#start();
    const done = new AbortController();
    const limit = sleep(limitMs, undefined, { signal: done.signal }).catch(() => {});
    await Promise.race([this.#delivering, limit]);
    done.abort();
    await this.close(0);
    return this.#drain.left();
  }

  hurry(): void {
    this.#muchToSend = muchAtEnd;
    this.#gatherEnough();
  }

  async close(budgetMs: number): Promise<void> {
    this.#closing.abort();
    this.#endPause();
    this.#queue.prepareRelease();
    const timer = setTimeout(() => this.#expired.abort(), budgetMs);
    await this.#delivering;
    clearTimeout(timer);
    this.#isClosed = true;
    this.#queue.releaseAll();
    await this.#transport.close();
  }

  #start(): void {
    if (this.#isDelivering || this.#closing.signal.aborted) return;
    this.#isDelivering = true;
    this.#delivering = this.#deliver();
  }

  async #deliver(): Promise<void> {
    if (this.#gatheringMs > 0 && this.#queue.memory < this.#muchToSend) await this.#gather();
    while (!this.#expired.signal.aborted) {
      const waitMs = this.#breaker.waitMs();
      if (waitMs > 0) {
        if (this.#closing.signal.aborted) break;
        await this.#pause(waitMs);
        continue;
      }
      const own = this.#queue.take(this.#shut);
      const earlier = own || this.#closing.signal.aborted ? undefined : this.#drain.next(this.#shut);
      // Nothing happens between this and the end: who comes later starts anew.
      if (!own && !earlier) break;
      if (own) await this.#attempt(own, this.#expired.signal);
      if (earlier) {
        await this.#attempt(earlier, this.#closing.signal);
        this.#onProgress?.(this.#drain.left());
      }
    }
    this.#isDelivering = false;
  }

  /** Waits for what can leave together with what is there. */
  async #gather(): Promise<void> {
    this.#isGathering = true;
    await this.#pause(this.#gatheringMs);
    this.#isGathering = false;
  }

  #gatherEnough(): void {
    if (this.#isGathering && this.#queue.memory >= this.#muchToSend) this.#endPause();
  }

  /** Ends when we close. One at a time, and none is begun after that. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #attempt(item: Item, abort: AbortSignal): Promise<void> {
    if (item.search && item.search.posts >= searchLimit) {
      this.#setAside(item, item.search.reason);
      return;
    }
    const payload = payloadOf(item);
    // Gone from the disk, which has counted it.
    if (!payload) return;
    const answer = await attempt(this.#transport, item.signal, payload, abort);
    if (answer.kind !== 'unavailable' && item.search) item.search.posts += 1;
    switch (answer.kind) {
      case 'taken':
        this.#breaker.succeeded();
        this.#count(item, answer);
        item.done();
        break;
      case 'unavailable':
        this.#putBack(item);
        // What this end has broken off to make room for the close says nothing about the collector.
        if (abort.aborted && !this.#expired.signal.aborted) break;
        this.#breaker.failed(answer.retryAfterMs);
        this.#tell(answer.answered ? 'rejected' : 'unreachable', answer.reason);
        break;
      case 'misdirected':
        this.#breaker.succeeded();
        this.#shut.add(item.signal);
        this.#misdirected ??= answer.reason;
        this.#putBack(item);
        break;
      case 'refused':
        this.#breaker.succeeded();
        this.#giveUp(item, answer.reason);
        item.done();
        break;
      case 'bad_data':
        this.#breaker.succeeded();
        await this.#narrow(item, payload, answer.reason);
        break;
    }
  }

  /** Something in it is bad: each half goes on its own, down to the one record that is at fault. */
  async #narrow(item: Item, payload: Payload, reason: string): Promise<void> {
    const search = item.search ?? { posts: 1, reason };
    const plain = search.posts < searchLimit ? await payload.plain().catch(() => null) : null;
    const parts = plain && halves(item.signal, plain);
    if (!parts) {
      this.#setAside(item, reason);
      return;
    }
    this.#tell('rejected', reason);
    const done = afterCalls(parts.length, () => item.done());
    this.#queue.putBack(parts.map((part) => ({ ...item, ...part, search, done })));
  }

  #putBack(item: Item): void {
    if (item.isEarlier && isOnDisk(item)) this.#drain.putBack(item);
    else this.#queue.putBack([item]);
  }

  #count({ records, isEarlier }: Item, answer: Extract<Answer, { kind: 'taken' }>): void {
    const rejected = Math.min(answer.rejected, records);
    this.#report.requests += 1;
    this.#report.bytes += answer.bytes;
    this.#report.dropped += rejected;
    if (isEarlier) this.#report.drained += records - rejected;
    this.#tell('ok', null);
    if (rejected > 0) {
      this.#report.lastError = answer.message || `${rejected} records refused`;
      this.#report.refusedReason = this.#report.lastError;
    }
  }

  #setAside(item: Item, reason: string): void {
    this.#giveUp(item, reason);
    this.#report.setAside += item.records;
    this.#queue.setAside(item);
  }

  #giveUp({ records }: Item, reason: string): void {
    this.#report.dropped += records;
    this.#report.refusedReason = reason;
    this.#tell('rejected', reason);
  }

  #tell(state: DestinationReport['state'], lastError: string | null): void {
    this.#report.state = state;
    this.#report.lastError = lastError;
  }
}

/** null when it is no longer on disk. */
function payloadOf({ body }: Item): Payload | null {
  if (body instanceof Uint8Array) return Payload.plain(body);
  const compressed = body.read();
  return compressed && Payload.compressed(compressed);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { encodeProtobuf } from '../otlp/protobuf.ts';
import type { ExportRequest, Signal } from '../otlp/types.ts';
import type { Destination, DestinationReport } from './destination.ts';
import { type PostTarget, post } from './post.ts';

interface Item {
  signal: Signal;
  /**
   * An encoded export request; two of one signal put end to end are one valid request (protobuf encoding,
   * "last one wins" and merging).
   */
  body: Uint8Array;
  records: number;
}

/**
 * Small requests that wait are sent together up to this size, which collectors take over HTTP and gRPC alike.
 * Bytes.
 */
const batchLimit = 4 * 1024 * 1024;
/** What may wait for a collector that does not answer; beyond it the oldest is dropped. Bytes. */
const queueLimit = 64 * 1024 * 1024;

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;

/**
 * A collector reached over OTLP/HTTP. One request is under way at a time; retryable failures are tried again
 * until the end.
 */
export class HttpDestination implements Destination {
  readonly #target: PostTarget;
  readonly #report: DestinationReport;
  readonly #queue: Item[] = [];
  #queued = 0;
  #delivering: Promise<void> | undefined;
  /** Set while closing: ends waits at once, and after the budget the attempt under way. */
  readonly #closing = new AbortController();
  readonly #expired = new AbortController();

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#target = { url: url.replace(/\/+$/, ''), headers, dispatcher: new Agent({ connections: 1 }) };
    this.#report = { url, state: 'ok', lastError: null, requests: 0, bytes: 0, dropped: 0 };
  }

  send(signal: Signal, request: ExportRequest, records: number): void {
    const body = encodeProtobuf(signal, request as never);
    this.#queue.push({ signal, body, records });
    this.#queued += body.length;
    while (this.#queued > queueLimit && this.#queue.length > 1) this.#drop(this.#take(0));
    this.#delivering ??= this.#deliver();
  }

  report(): DestinationReport {
    return { ...this.#report };
  }

  async close(budgetMs: number): Promise<void> {
    this.#closing.abort();
    const timer = setTimeout(() => this.#expired.abort(), budgetMs);
    await this.#delivering;
    clearTimeout(timer);
    for (const item of this.#queue.splice(0)) this.#drop(item);
    await this.#target.dispatcher.destroy();
  }

  async #deliver(): Promise<void> {
    let failures = 0;
    while (this.#queue.length > 0 && !this.#expired.signal.aborted) {
      const batch = this.#nextBatch();
      const result = await post(this.#target, batch.signal, batch.body, this.#expired.signal);
      if (result.kind === 'retryable') {
        this.#report.state = result.answered ? 'rejected' : 'unreachable';
        this.#report.lastError = result.reason;
        this.#putBack(batch);
        // A collector that is not there will not be there within the second that is left.
        if (this.#closing.signal.aborted && (!result.answered || failures > 0)) break;
        failures += 1;
        await this.#pause(result.retryAfterMs ?? backoff(failures));
        continue;
      }
      failures = 0;
      if (result.kind === 'refused') {
        this.#report.state = 'rejected';
        this.#report.lastError = result.reason;
        this.#drop(batch);
        continue;
      }
      this.#report.state = 'ok';
      this.#report.lastError = null;
      this.#report.requests += 1;
      this.#report.bytes += result.bytes;
      this.#report.dropped += result.rejected;
      if (result.rejected > 0)
        this.#report.lastError = result.message || `${result.rejected} records refused`;
    }
    this.#delivering = undefined;
  }

  /** The oldest item, with the younger ones of its signal behind it. */
  #nextBatch(): Item {
    const first = this.#take(0);
    const bodies = [first.body];
    let size = first.body.length;
    let records = first.records;
    for (let i = 0; i < this.#queue.length; ) {
      const item = this.#queue[i];
      if (item?.signal !== first.signal) {
        i += 1;
        continue;
      }
      if (size + item.body.length > batchLimit) break;
      this.#take(i);
      bodies.push(item.body);
      size += item.body.length;
      records += item.records;
    }
    return { signal: first.signal, body: bodies.length > 1 ? Buffer.concat(bodies) : first.body, records };
  }

  #take(index: number): Item {
    const [item] = this.#queue.splice(index, 1);
    if (!item) throw new RangeError(`no item ${index} in the queue`);
    this.#queued -= item.body.length;
    return item;
  }

  #putBack(item: Item): void {
    this.#queue.unshift(item);
    this.#queued += item.body.length;
  }

  #drop(item: Item): void {
    this.#report.dropped += item.records;
  }

  async #pause(ms: number): Promise<void> {
    const until = AbortSignal.any([this.#closing.signal, this.#expired.signal]);
    await sleep(ms, undefined, { signal: until, ref: false }).catch(() => {});
  }
}

/** Full jitter: collectors that come back are not met by everybody at once. */
function backoff(failures: number): number {
  return Math.random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** failures);
}

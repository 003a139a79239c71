import { gzipSync } from 'node:zlib';
import type { Spool } from '../spool/spool.ts';
import { groups, merged } from './batch.ts';
import { compressing } from './compression.ts';
import { type Destination, type DestinationReport, emptyReport } from './destination.ts';
import { afterCalls, type Item, type ItemInMemory, isInMemory } from './item.ts';
import type { Outgoing } from './outgoing.ts';

/** As much is compressed within a few ms. */
const fileBytes = 1024 * 1024;

/**
 * Sends nothing: keeps all on disk for whoever delivers to this collector later, in requests that it will take. Small ones are put
 * together first: a file each would be thousands.
 */
export class SpoolDestination implements Destination {
  readonly #needsHeaders: boolean;
  readonly #spool: Pick<Spool, 'keep'>;
  readonly #report: DestinationReport;
  #items: Item[] = [];
  /** Of the items. */
  #bytes = 0;

  constructor(url: string, needsHeaders: boolean, spool: Pick<Spool, 'keep'>) {
    this.#needsHeaders = needsHeaders;
    this.#spool = spool;
    this.#report = emptyReport(url);
  }

  send({ signal, parts, settled }: Outgoing): void {
    const origin = { signal, at: Date.now(), isEarlier: false, search: null };
    const encoded = parts();
    const done = afterCalls(encoded.length, settled);
    for (const part of encoded) {
      this.#items.push({ ...origin, ...part, done });
      this.#bytes += part.body.length;
    }
    if (this.#bytes >= fileBytes) this.#keepAll();
  }

  async close(): Promise<void> {
    this.#keepAll();
  }

  report(): DestinationReport {
    return { ...this.#report };
  }

  #keepAll(): void {
    for (const item of groups(this.#items).map(merged).filter(isInMemory)) this.#keep(item);
    this.#items = [];
    this.#bytes = 0;
  }

  #keep({ signal, records, at, body, done }: ItemInMemory): void {
    const { url: destination } = this.#report;
    const entry = { destination, needsHeaders: this.#needsHeaders, signal, records, at };
    const kept = this.#spool.keep(entry, gzipSync(body, compressing));
    if (kept.kind === 'kept') {
      kept.entry.release();
      this.#report.spooled += records;
    } else {
      this.#report.dropped += records;
      this.#report.lastError = kept.reason;
    }
    done();
  }
}

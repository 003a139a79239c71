import { gzipSync } from 'node:zlib';
import type { Signal } from '../../otlp/types.ts';
import type { Spool } from '../spool/spool.ts';
import { type Destination, type DestinationReport, emptyReport } from './destination.ts';
import { requestLimit } from './item.ts';
import type { Outgoing } from './outgoing.ts';
import { type Encoded, fitting } from './split.ts';

/** Sends nothing: keeps all on disk for whoever delivers to this collector later, in parts that it will take. */
export class SpoolDestination implements Destination {
  readonly #needsHeaders: boolean;
  readonly #spool: Pick<Spool, 'keep'>;
  readonly #report: DestinationReport;

  constructor(url: string, needsHeaders: boolean, spool: Pick<Spool, 'keep'>) {
    this.#needsHeaders = needsHeaders;
    this.#spool = spool;
    this.#report = emptyReport(url);
  }

  send({ signal, request, records, settled }: Outgoing): void {
    for (const part of fitting(signal, request, records, requestLimit)) this.#keep(signal, part);
    settled();
  }

  async close(): Promise<void> {}

  report(): DestinationReport {
    return { ...this.#report };
  }

  #keep(signal: Signal, { body, records }: Encoded): void {
    const { url: destination } = this.#report;
    const entry = { destination, needsHeaders: this.#needsHeaders, signal, records, at: Date.now() };
    const kept = this.#spool.keep(entry, gzipSync(body));
    if (kept.kind === 'kept') {
      kept.entry.release();
      this.#report.spooled += records;
    } else {
      this.#report.dropped += records;
      this.#report.lastError = kept.reason;
    }
  }
}

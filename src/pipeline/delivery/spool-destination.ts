import { gzipSync } from 'node:zlib';
import { encodeProtobuf } from '../../otlp/protobuf.ts';
import type { Spool } from '../spool/spool.ts';
import { type Destination, type DestinationReport, emptyReport } from './destination.ts';
import type { Outgoing } from './outgoing.ts';

/** Sends nothing: keeps all on disk for whoever delivers to this collector later. */
export class SpoolDestination implements Destination {
  readonly #needsHeaders: boolean;
  readonly #spool: Spool;
  readonly #report: DestinationReport;

  constructor(url: string, needsHeaders: boolean, spool: Spool) {
    this.#needsHeaders = needsHeaders;
    this.#spool = spool;
    this.#report = emptyReport(url);
  }

  send({ signal, request, records, settled }: Outgoing): void {
    const { url: destination } = this.#report;
    const entry = { destination, needsHeaders: this.#needsHeaders, signal, records, at: Date.now() };
    const kept = this.#spool.keep(entry, gzipSync(encodeProtobuf(signal, request as never)));
    if (kept.kind === 'kept') {
      kept.entry.release();
      this.#report.spooled += records;
    } else {
      this.#report.dropped += records;
      this.#report.lastError = kept.reason;
    }
    settled();
  }

  async close(): Promise<void> {}

  report(): DestinationReport {
    return { ...this.#report };
  }
}

import { createWriteStream, type WriteStream } from 'node:fs';
import { encodeJson } from '../../otlp/json.ts';
import { type Destination, type DestinationReport, emptyReport } from './destination.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * A local file of OTLP/JSON, one request a line, as the collector's file exporter and receiver have it.
 * Appended to; 0600.
 */
export class FileDestination implements Destination {
  readonly #stream: WriteStream;
  readonly #report: DestinationReport;

  constructor(path: string) {
    this.#report = emptyReport(`file:${path}`);
    this.#stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    this.#stream.on('error', (error) => {
      this.#report.state = 'unreachable';
      this.#report.lastError = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    });
  }

  send({ signal, request, records, settled }: Outgoing): void {
    if (this.#stream.destroyed) {
      this.#report.dropped += records;
      settled();
      return;
    }
    const line = `${encodeJson(signal, request as never)}\n`;
    this.#stream.write(line, (error) => {
      if (error) {
        this.#report.dropped += records;
      } else {
        this.#report.requests += 1;
        this.#report.bytes += Buffer.byteLength(line);
      }
      settled();
    });
  }

  async close(budgetMs: number): Promise<void> {
    if (this.#stream.destroyed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, budgetMs);
      this.#stream.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#stream.end();
    });
  }

  report(): DestinationReport {
    return { ...this.#report };
  }
}

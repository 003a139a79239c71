import { createWriteStream, type WriteStream } from 'node:fs';
import { encodeJson } from '../otlp/json.ts';
import type { ExportRequest, Signal } from '../otlp/types.ts';
import type { Destination, DestinationReport } from './destination.ts';

/**
 * A local file of OTLP/JSON, one request a line, as the collector's file exporter and receiver have it.
 * Appended to; 0600.
 */
export class FileDestination implements Destination {
  readonly #stream: WriteStream;
  readonly #report: DestinationReport;

  constructor(path: string) {
    this.#report = { url: `file:${path}`, state: 'ok', lastError: null, requests: 0, bytes: 0, dropped: 0 };
    this.#stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    this.#stream.on('error', (error) => {
      this.#report.state = 'unreachable';
      this.#report.lastError = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    });
  }

  send(signal: Signal, request: ExportRequest, records: number): void {
    if (this.#stream.destroyed) {
      this.#report.dropped += records;
      return;
    }
    const line = `${encodeJson(signal, request as never)}\n`;
    this.#stream.write(line, (error) => {
      if (error) {
        this.#report.dropped += records;
        return;
      }
      this.#report.requests += 1;
      this.#report.bytes += Buffer.byteLength(line);
    });
  }

  async close(budgetMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, budgetMs);
      this.#stream.end(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#stream.once('error', () => {
        clearTimeout(timer);
        resolve();
      });
      if (this.#stream.destroyed) resolve();
    });
  }

  report(): DestinationReport {
    return { ...this.#report };
  }
}

import type { ExportRequest, Signal } from '../otlp/types.ts';

/** How a destination stands, and what it got. */
export interface DestinationReport {
  url: string;
  /** `ok` until something went wrong; `unreachable` = no answer, `rejected` = refused by its answer. */
  state: 'ok' | 'unreachable' | 'rejected';
  /** What went wrong last, for people; null when nothing did. */
  lastError: string | null;
  /** Requests that were taken, and their size as sent. */
  requests: number;
  bytes: number;
  /** Log records, spans and metric points that were not taken and are given up. */
  dropped: number;
}

/** Somewhere telemetry goes. Sending never fails and never waits: what happens later is in the report. */
export interface Destination {
  send(signal: Signal, request: ExportRequest, records: number): void;
  /** Delivers what is left, for `budgetMs` at most; what cannot be delivered then is dropped. */
  close(budgetMs: number): Promise<void>;
  report(): DestinationReport;
}

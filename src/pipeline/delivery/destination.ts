import type { Outgoing } from './outgoing.ts';

/** How a destination stands, and what became of what it was sent. */
export interface DestinationReport {
  url: string;
  /**
   * `ok` until something went wrong; `unreachable` = no answer, `rejected` = it answered and did not take it,
   * `misdirected` = as address and credentials are it takes nothing of some signal, which is not tried again in
   * this run.
   */
  state: 'ok' | 'unreachable' | 'rejected' | 'misdirected';
  /** What went wrong last, for people; null when nothing did, or when it was got over. */
  lastError: string | null;
  /** Why records were refused for good, the last time; stays when later ones are taken. */
  refusedReason: string | null;
  /** Requests that were taken, those of earlier runs with them, and their size as sent. */
  requests: number;
  bytes: number;
  /**
   * Log records, spans and metric points that were not taken and are given up, set aside ones with them. Those
   * that the spool gave up to keep its size, or found damaged, are in its own report and not here.
   */
  dropped: number;
  /** Those of them that were set aside on disk, for people to look at. */
  setAside: number;
  /** Records of this run that are on disk for later. */
  spooled: number;
  /** Records of earlier runs that were taken. */
  drained: number;
}

/** Somewhere telemetry goes. Sending never fails and never waits: what happens later is in the report. */
export interface Destination {
  send(outgoing: Outgoing): void;
  /** The end is near: much that waits to leave with more leaves now. */
  hurry?(): void;
  /** Delivers what is left, for `budgetMs` at most; what cannot be delivered then is kept for later or given up. */
  close(budgetMs: number): Promise<void>;
  report(): DestinationReport;
}

export function emptyReport(url: string): DestinationReport {
  return {
    url,
    state: 'ok',
    lastError: null,
    refusedReason: null,
    requests: 0,
    bytes: 0,
    dropped: 0,
    setAside: 0,
    spooled: 0,
    drained: 0,
  };
}

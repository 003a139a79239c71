import type { ExportRequest, Signal } from '../../otlp/types.ts';

/** One export request on its way out. */
export interface Outgoing {
  signal: Signal;
  request: ExportRequest;
  /** Log records, spans and metric points in it. */
  records: number;
  /** Called once by each destination when the request is safe there: taken, on disk for later, or given up. */
  settled(): void;
}

import type { ExportRequest, Signal } from '../../otlp/types.ts';
import { requestLimit } from './item.ts';
import { type Encoded, fitting } from './split.ts';

/** One export request on its way out. */
export interface Outgoing {
  signal: Signal;
  request: ExportRequest;
  /** Log records, spans and metric points in it. */
  records: number;
  /** The request as protobuf, in parts that collectors take: made once, for whichever destinations ask. */
  parts(): readonly Encoded[];
  /** Called once by each destination when the request is safe there: taken, on disk for later, or given up. */
  settled(): void;
}

export function outgoing(told: Omit<Outgoing, 'parts'>): Outgoing {
  let parts: readonly Encoded[] | undefined;
  return {
    ...told,
    parts: () => {
      parts ??= fitting(told.signal, told.request, told.records, requestLimit);
      return parts;
    },
  };
}

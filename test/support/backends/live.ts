import { inject } from 'vitest';
import type { CliName } from '../../../scripts/clis.mjs';
import { text } from '../../../src/otlp/attributes.ts';
import { providers } from '../../../src/providers/index.ts';
import type { Receipt } from '../../../src/report/receipt.ts';
import { readExported } from './otelcol.ts';
import {
  logsIn,
  metricsIn,
  type Seen,
  type SeenLog,
  type SeenMetric,
  type SeenSpan,
  spansIn,
} from './telemetry.ts';

/** One CLI's live session, as it stands in the collector's files. */
export interface LiveSession {
  receipt: Receipt;
  /** The CLI's own id of it. */
  sessionId: string;
  serviceName: string;
  spans: SeenSpan[];
  logs: SeenLog[];
  metrics: SeenMetric[];
}

/** @throws {Error} where there was no collector: such tests are skipped */
export async function liveSession(name: CliName): Promise<LiveSession> {
  const live = inject('live');
  if (!live) throw new Error('no collector');
  const receipt = live.receipts[name];
  const [sessionId = ''] = receipt.session_ids;
  const { serviceName } = providers[name];
  const exported = await readExported(live.folder);
  const own = <T extends Seen>(records: T[]) =>
    records.filter(({ resource }) => text(resource, 'service.name') === serviceName);
  return {
    receipt,
    sessionId,
    serviceName,
    spans: own(spansIn(exported)),
    logs: own(logsIn(exported)),
    metrics: own(metricsIn(exported)),
  };
}

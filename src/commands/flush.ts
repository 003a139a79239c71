import type { Collector, RunOptions } from '../options/run-options.ts';
import type { Spool } from '../pipeline/spool/spool.ts';
import type { Flushed } from '../report/messages.ts';
import { receiptDestination } from './conclude.ts';
import { openCollector } from './destinations.ts';
import { needsHeaders } from './run-record.ts';

/** A collector that does not answer is asked again for this long. ms */
const limitMs = 5000;

type Left = Flushed['left'];

/** What waits for one destination. */
interface Waiting {
  url: string;
  needsHeaders: boolean;
  left: Left;
}

/**
 * Sends what is in the spool: to the destinations of the options, and to those that need no credentials also
 * without being asked. One destination after the other.
 */
export async function flush(
  { forward }: RunOptions,
  spool: Spool,
  onProgress: (url: string, left: Left) => void,
): Promise<Flushed[]> {
  const flushed: Flushed[] = [];
  for (const waiting of inventory(spool)) {
    const { url } = waiting;
    const collector = collectorFor(waiting, forward);
    if (collector === null) {
      flushed.push({ url, sent: { records: 0, bytes: 0 }, left: waiting.left, cause: 'no_credentials' });
      continue;
    }
    const destination = await openCollector(collector, spool);
    await destination.drainAll(limitMs, (left) => onProgress(url, left));
    const report = destination.report();
    const { state, last_error: reason } = receiptDestination(report);
    const still = inventory(spool).find((each) => keyOf(each) === keyOf(waiting));
    flushed.push({
      url,
      sent: { records: report.drained, bytes: report.bytes },
      left: still?.left ?? { records: 0, bytes: 0 },
      cause: { state, reason },
    });
  }
  return flushed;
}

/** By destination, and whether credentials went with it. What another session is sending is not in it. */
function inventory(spool: Spool): Waiting[] {
  const found = new Map<string, Waiting>();
  for (const each of spool.waiting()) {
    const entry = each.claim();
    if (entry === null) continue;
    const { destination: url, needsHeaders, records, bytes } = entry;
    const { left } = found.get(keyOf({ url, needsHeaders })) ?? { left: { records: 0, bytes: 0 } };
    const sum = { records: left.records + records, bytes: left.bytes + bytes };
    found.set(keyOf({ url, needsHeaders }), { url, needsHeaders, left: sum });
    entry.release();
  }
  return [...found.values()];
}

function keyOf({ url, needsHeaders }: Omit<Waiting, 'left'>): string {
  return `${needsHeaders} ${url}`;
}

/** null where it cannot be delivered without credentials that are not configured. */
function collectorFor(waiting: Waiting, forward: RunOptions['forward']): Collector | null {
  const { url } = waiting;
  for (const each of forward) {
    if (each.kind === 'file' || each.kind === 'none' || each.url !== url) continue;
    if (needsHeaders(each) || !waiting.needsHeaders) return each;
  }
  if (waiting.needsHeaders) return null;
  return { kind: /^grpcs?:/.test(url) ? 'grpc' : 'http', url, headers: {}, tls: null };
}

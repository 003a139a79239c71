import type { Listener } from '../pipeline/listener/listener.ts';
import type { Journal } from '../pipeline/spool/journal.ts';
import type { Spool } from '../pipeline/spool/spool.ts';
import { readModelName } from '../pricing/model-name.ts';
import type { Cli } from '../providers/provider.ts';
import type { Notice } from '../report/messages.ts';
import type { Receipt } from '../report/receipt.ts';
import { groupBy } from '../session/group-by.ts';
import type { ModelRow } from '../session/rows.ts';
import { totalsOf } from '../session/totals.ts';
import type { Tracing } from './tracing.ts';

/** Above this share the CLI's figure and the list price are told both (facts/launcher.md M4). */
const doubtfulShare = 0.05;
/** The same where the model's name tells of another seller: Bedrock asks a tenth more in a region of one's choice. */
const doubtfulShareOfOthers = 0.15;

/** What the user should know of the figures of a run that has ended. */
export function runNotices(
  { recorder, pipeline }: Tracing,
  { received }: Receipt['telemetry'],
  { title }: Cli,
  { listener, faults }: { listener: Pick<Listener, 'oversized' | 'strangers'>; faults: number },
): Notice[] {
  const { session } = recorder;
  const { hiddenRetries, models } = totalsOf(session);
  const unattributed = models.reduce((sum, row) => sum + row.unattributedTokens, 0);
  const nothing = received.logs + received.spans + received.metric_points === 0;
  const undecodable = pipeline.undecodable + faults;
  const oversized = listener.oversized();
  const strangers = listener.strangers();
  const notices: (Notice | false)[] = [
    nothing && { kind: 'no_telemetry', title },
    undecodable > 0 && { kind: 'undecodable', requests: undecodable },
    oversized > 0 && { kind: 'oversized', requests: oversized },
    strangers > 0 && { kind: 'strangers', connections: strangers },
    hiddenRetries > 0 && { kind: 'hidden_retries', count: hiddenRetries, title },
    unattributed > 0 && { kind: 'unattributed', tokens: unattributed, title },
    ...(unattributed > 0 ? [] : doubtfulPrices(models, title)),
  ];
  return notices.filter((notice) => notice !== false);
}

/** What went wrong with the disk, and what a destination would not have at all. */
export function diskNotices(
  { destinations }: Tracing,
  spool: Spool,
  journal: Journal | null,
  { dir, limitBytes }: { dir: string; limitBytes: number },
): Notice[] {
  const { failure, evictedRecords, damagedEntries } = spool.report();
  const reason = limitBytes > 0 ? (failure ?? journal?.failure ?? null) : null;
  const notices: (Notice | false)[] = [
    reason !== null && { kind: 'disk_failed', dir, reason },
    evictedRecords > 0 && { kind: 'spool_full', limitBytes, records: evictedRecords },
    damagedEntries > 0 && { kind: 'damaged', entries: damagedEntries },
    ...destinations
      .map((destination) => destination.report())
      .map(
        ({ url, setAside, refusedReason }): Notice | false =>
          setAside > 0 && {
            kind: 'refused_records',
            dir,
            url,
            records: setAside,
            reason: refusedReason ?? '',
          },
      ),
  ];
  return notices.filter((notice) => notice !== false);
}

/**
 * Models for which the CLI reports something else than the list price of exactly this model. Not asked where
 * answers were broken off: their cost is in that of the call which was tried again.
 */
function doubtfulPrices(rows: readonly ModelRow[], title: string): Notice[] {
  return [...groupBy(rows, ({ model }) => model)].flatMap(([model, ofModel]) => {
    const sum = (of: (row: ModelRow) => number) => ofModel.map(of).reduce((a, b) => a + b, 0);
    const listUsd = sum(({ listed }) => listed.usd);
    const reportedUsd = sum(({ listed }) => listed.reportedUsd);
    const share = readModelName(model).listPriced ? doubtfulShare : doubtfulShareOfOthers;
    const isDoubtful = Math.abs(reportedUsd - listUsd) > share * listUsd;
    return isDoubtful ? [{ kind: 'doubtful_price', model, reportedUsd, listUsd, title }] : [];
  });
}

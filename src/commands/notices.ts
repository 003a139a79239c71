import type { Provider } from '../providers/provider.ts';
import type { Notice } from '../report/messages.ts';
import type { Receipt } from '../report/receipt.ts';
import type { Session } from '../session/session.ts';
import { totalsOf } from '../session/totals.ts';
import type { Tracing } from './tracing.ts';

/** Above this share the CLI's figure and the list price are told both (facts/launcher.md M4). */
const doubtfulShare = 0.05;

/** What the user should know of the figures of a run that has ended. */
export function runNotices(
  { recorder, pipeline }: Tracing,
  { received }: Receipt['telemetry'],
  { title }: Provider,
  oversized: number,
): Notice[] {
  const { session } = recorder;
  const { hiddenRetries, models } = totalsOf(session);
  const unattributed = models.reduce((sum, row) => sum + row.unattributedTokens, 0);
  const nothing = received.logs + received.spans + received.metric_points === 0;
  const notices: (Notice | false)[] = [
    nothing && { kind: 'no_telemetry', title },
    pipeline.undecodable > 0 && { kind: 'undecodable', requests: pipeline.undecodable },
    oversized > 0 && { kind: 'oversized', requests: oversized },
    hiddenRetries > 0 && { kind: 'hidden_retries', count: hiddenRetries, title },
    unattributed > 0 && { kind: 'unattributed', tokens: unattributed, title },
    ...(unattributed > 0 ? [] : doubtfulPrices(session, title)),
  ];
  return notices.filter((notice) => notice !== false);
}

/**
 * Models for which the CLI reports something else than the list price of exactly this model. Not asked where
 * answers were broken off: their cost is in that of the call which was tried again.
 */
function doubtfulPrices(session: Session, title: string): Notice[] {
  const models = new Map<string, { reportedUsd: number; listUsd: number }>();
  for (const { model, reportedUsd, listUsd } of session.llmCalls.values()) {
    if (reportedUsd === undefined || listUsd === undefined) continue;
    const sum = models.get(model) ?? { reportedUsd: 0, listUsd: 0 };
    models.set(model, { reportedUsd: sum.reportedUsd + reportedUsd, listUsd: sum.listUsd + listUsd });
  }
  return [...models]
    .filter(([, { reportedUsd, listUsd }]) => Math.abs(reportedUsd - listUsd) > doubtfulShare * listUsd)
    .map(([model, sums]) => ({ kind: 'doubtful_price', model, ...sums, title }));
}

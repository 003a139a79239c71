import type { ExitStatus } from '../launcher/exit-status.ts';
import type { DestinationReport } from '../pipeline/delivery/destination.ts';
import type { Cli } from '../providers/provider.ts';
import { type Notice, noticeText } from '../report/messages.ts';
import { type Receipt, type ReceiptDestination, receiptOf } from '../report/receipt.ts';
import { totalsOf } from '../session/totals.ts';
import type { Tracing } from './tracing.ts';

/** A run that is over. Times are Unix ms. */
export interface EndedRun {
  provider: Cli;
  runId: string;
  cwd: string;
  startedAt: number;
  endedAt: number;
  status: ExitStatus;
}

/**
 * When nothing more will arrive: what could only be said now.
 * @param isTold with what ai-trace itself tells of the run
 */
export function conclude({ recorder, mapper, own }: Tracing, run: EndedRun, isTold: boolean): void {
  for (const event of mapper.finish()) recorder.fold(event);
  if (!isTold) return;
  const { startedAt, endedAt, status } = run;
  own.close({ startedAt, endedAt, exit: status, totals: totalsOf(recorder.session) });
}

export function receiptFor(
  tracing: Tracing,
  { provider, status, ...run }: EndedRun,
  telemetry: Receipt['telemetry'],
  notices: readonly Notice[],
): Receipt {
  return receiptOf(tracing.recorder.session, {
    ...run,
    provider: provider.id,
    cliVersion: tracing.cliVersion,
    reportsReasoning: provider.reportsReasoning,
    traceIds: tracing.traceIds(),
    git: tracing.git,
    exit: status,
    telemetry,
    warnings: notices.map(noticeText),
  });
}

/** @param refused requests that the listener did not take. */
export function telemetryOf(
  { understanding, pipeline, destinations }: Tracing,
  refused: number,
  evicted: number,
): Receipt['telemetry'] {
  const reports = destinations.map((destination) => destination.report());
  const sum = (of: (report: DestinationReport) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const { logs, spans, metricPoints } = understanding.received;
  return {
    received: {
      logs,
      spans,
      metric_points: metricPoints,
      rejected_requests: pipeline.undecodable + refused,
    },
    forwarded: { requests: sum((report) => report.requests), bytes: sum((report) => report.bytes) },
    spooled: sum((report) => report.spooled),
    dropped: sum((report) => report.dropped) + evicted,
    destinations: reports.map(receiptDestination),
  };
}

/** To the user, one that takes nothing as it is configured has refused. */
export function receiptDestination({ url, state, lastError }: DestinationReport): ReceiptDestination {
  return { url, state: state === 'misdirected' ? 'rejected' : state, last_error: lastError };
}

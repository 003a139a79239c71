import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.ts';
import type { FilePaths } from '../files/paths.ts';
import type { ExitStatus } from '../launcher/exit-status.ts';
import type { RunOptions } from '../options/run-options.ts';
import type { Listener } from '../pipeline/listener.ts';
import type { Provider } from '../providers/provider.ts';
import { type Notice, noticeText } from '../report/messages.ts';
import { type Receipt, receiptOf } from '../report/receipt.ts';
import { renderReceipt } from '../report/terminal.ts';
import { totalsOf } from '../session/totals.ts';
import { untilFlushed } from './flush.ts';
import { runNotices } from './notices.ts';
import { writeError } from './output.ts';
import { refreshPricesLater } from './price-refresh.ts';
import { isQuestion } from './sessionless.ts';
import type { Tracing } from './tracing.ts';

export interface Ending {
  provider: Provider;
  options: RunOptions;
  args: readonly string[];
  paths: FilePaths;
  home: string;
  runId: string;
  cwd: string;
  /** Unix ms. */
  startedAt: number;
  status: ExitStatus;
  startTicks: number | null;
  listener: Listener;
  tracing: Tracing;
  /** File of the cached price list. */
  priceCache: string;
  /** What was noticed before the CLI started. */
  notices: readonly Notice[];
}

/** What is left to flush and to deliver after the CLI has ended gets this long, together. ms */
const exitBudgetMs = 1000;
/** The part of it that the flush may take at most. ms */
const flushLimitMs = 700;

/** From the CLI's end to the receipt: last records, last deliveries, the files, the terminal. */
export async function finish(ending: Ending): Promise<void> {
  const { options, paths, tracing, listener, startTicks, runId, provider } = ending;
  const endedAt = Date.now();
  await untilFlushed(listener, startTicks, flushLimitMs);
  await tracing.pipeline.settled();
  for (const event of tracing.mapper.finish()) tracing.recorder.fold(event);
  if (!isSilent(telemetryOf(tracing, listener), ending)) {
    const totals = totalsOf(tracing.recorder.session);
    tracing.own.close({ startedAt: ending.startedAt, endedAt, exit: ending.status, totals });
  }
  const budgetMs = Math.max(0, exitBudgetMs - (Date.now() - endedAt));
  await Promise.all(tracing.destinations.map((destination) => destination.close(budgetMs)));

  const telemetry = telemetryOf(tracing, listener);
  const notices = [
    ...ending.notices,
    ...tracing.notices,
    ...runNotices(tracing, telemetry, provider, listener.oversized()),
  ];
  const receipt = receiptOf(tracing.recorder.session, {
    runId,
    provider: provider.id,
    cliVersion: tracing.cliVersion,
    reportsReasoning: provider.reportsReasoning,
    traceIds: tracing.traceIds(),
    cwd: ending.cwd,
    git: tracing.git,
    startedAt: ending.startedAt,
    endedAt,
    exit: ending.status,
    telemetry,
    warnings: notices.map(noticeText),
  });

  const isSession = !isSilent(telemetry, ending);
  if (isSession) tracing.notifier.sessionEnded(receipt);
  const file = join(paths.sessionsDir(receipt.started_at.slice(0, 7)), `${runId}.json`);
  const json = `${JSON.stringify(receipt, null, 2)}\n`;
  const kept = isSession && (await writeFileAtomic(file, json)).kind === 'written';
  if (options.summaryFile !== null) {
    const written = await writeFileAtomic(options.summaryFile, json);
    if (written.kind === 'failed') {
      receipt.warnings.push(
        noticeText({ kind: 'summary_file_failed', file: options.summaryFile, reason: written.reason }),
      );
    }
  }
  if (isSession && options.priceUpdates) await refreshPricesLater(ending.priceCache, endedAt);
  if (isSession && isWanted(options)) {
    writeError(
      renderReceipt(receipt, {
        columns: process.stderr.columns ?? 80,
        colour: process.stderr.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb',
        title: provider.title,
        keptAt: kept ? file.replace(ending.home, '~') : null,
      }),
    );
  }
}

/** Did nothing come because nothing but a question was asked? */
function isSilent({ received }: Receipt['telemetry'], { args }: Ending): boolean {
  const { logs, spans, metric_points, rejected_requests } = received;
  return logs + spans + metric_points + rejected_requests === 0 && args.some(isQuestion);
}

function isWanted({ quiet, summary }: RunOptions): boolean {
  if (quiet || summary === 'never') return false;
  return summary === 'always' || process.stderr.isTTY === true;
}

function telemetryOf(
  { understanding, pipeline, destinations }: Tracing,
  listener: Listener,
): Receipt['telemetry'] {
  const reports = destinations.map((destination) => destination.report());
  const { logs, spans, metricPoints } = understanding.received;
  return {
    received: {
      logs,
      spans,
      metric_points: metricPoints,
      rejected_requests: pipeline.undecodable + listener.oversized(),
    },
    forwarded: {
      requests: reports.reduce((sum, report) => sum + report.requests, 0),
      bytes: reports.reduce((sum, report) => sum + report.bytes, 0),
    },
    spooled: 0,
    dropped: reports.reduce((sum, report) => sum + report.dropped, 0),
    destinations: reports.map(({ url, state, lastError }) => ({ url, state, last_error: lastError })),
  };
}

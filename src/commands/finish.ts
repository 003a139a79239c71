import { setImmediate as turn } from 'node:timers/promises';
import { writeFileAtomic } from '../files/atomic.ts';
import type { FilePaths } from '../files/paths.ts';
import type { ExitStatus } from '../launcher/exit-status.ts';
import type { RunOptions } from '../options/run-options.ts';
import type { Listener } from '../pipeline/listener/listener.ts';
import type { Journal } from '../pipeline/spool/journal.ts';
import type { Cli } from '../providers/provider.ts';
import { type Notice, noticeText } from '../report/messages.ts';
import { renderReceipt } from '../report/terminal.ts';
import { untilFlushed } from './cli-flush.ts';
import { conclude, receiptFor, telemetryOf } from './conclude.ts';
import type { LiveTracing } from './live-tracing.ts';
import { diskNotices, runNotices } from './notices.ts';
import { writeError } from './output.ts';
import { refreshPricesLater } from './price-refresh.ts';
import { receiptJson, receiptPath } from './receipt-file.ts';
import { isQuestion } from './sessionless.ts';

export interface Ending {
  provider: Cli;
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
  tracing: LiveTracing;
  /** Requests that were lost by a fault of ours. */
  faults: number;
  /** null when nothing arrived, or nothing may be kept on disk. */
  journal: Journal | null;
  /** File of the cached price list. */
  priceCache: string;
  /** What was noticed before the CLI started. */
  notices: readonly Notice[];
}

/** What is left to flush and to deliver after the CLI has ended gets this long, together; a second with the receipt. ms */
const exitBudgetMs = 900;
/** The part of it that the flush may take at most. ms */
const flushLimitMs = 700;

/** Spans that are made within a fraction of that time. What a person does leaves a few dozens. */
const closeLimit = 2000;

/** From the CLI's end to the receipt: last records, last deliveries, the files, the terminal. */
export async function finish(ending: Ending): Promise<void> {
  const { options, paths, tracing, listener, startTicks, provider, journal } = ending;
  const run = { ...ending, endedAt: Date.now() };
  tracing.stopRecovery();
  for (const destination of tracing.destinations) destination.hurry?.();
  // What is to leave is compressed while the rest is awaited.
  await turn();
  await untilFlushed(listener, startTicks, flushLimitMs);
  const restMs = () => Math.max(0, exitBudgetMs - (Date.now() - run.endedAt));
  // What is not understood by then is in the journal, if there is one: the next run finishes the session.
  const isJournaled = journal !== null && journal.failure === null;
  const isRead = await tracing.pipeline.settled(isJournaled ? restMs() : undefined);
  const isComplete = isRead && (!isJournaled || tracing.own.left <= closeLimit);
  if (isComplete) conclude(tracing, run, !isSilent(ending));
  await Promise.all(tracing.destinations.map((destination) => destination.close(restMs())));

  const telemetry = telemetryOf(
    tracing,
    listener.oversized() + ending.faults,
    tracing.spool.report().evictedRecords,
  );
  const receipt = receiptFor(tracing, run, telemetry, [
    ...ending.notices,
    ...tracing.notices,
    ...runNotices(tracing, telemetry, provider, { listener, faults: ending.faults }),
    ...(isComplete ? [] : [{ kind: 'unfinished' } as const]),
    ...diskNotices(tracing, tracing.spool, journal, {
      dir: paths.spoolDir,
      limitBytes: options.spoolLimitBytes,
    }),
  ]);

  const isSession = !isSilent(ending);
  if (isSession) tracing.notifier.sessionEnded(receipt);
  const file = receiptPath(paths, receipt);
  const json = receiptJson(receipt);
  const kept = isSession && isComplete && (await writeFileAtomic(file, json)).kind === 'written';
  // All that arrived is delivered, or in the spool, and the figures are written.
  if (isComplete) journal?.close();
  if (options.summaryFile !== null) {
    const written = await writeFileAtomic(options.summaryFile, json);
    if (written.kind === 'failed') {
      receipt.warnings.push(
        noticeText({ kind: 'summary_file_failed', file: options.summaryFile, reason: written.reason }),
      );
    }
  }
  if (isSession && options.priceUpdates) refreshPricesLater(ending.priceCache, run.endedAt);
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
function isSilent({ args, tracing, listener }: Ending): boolean {
  const { logs, spans, metricPoints } = tracing.understanding.received;
  const arrived = logs + spans + metricPoints + tracing.pipeline.undecodable + listener.oversized();
  return arrived === 0 && args.some(isQuestion);
}

function isWanted({ quiet, summary }: RunOptions): boolean {
  if (quiet || summary === 'never') return false;
  return summary === 'always' || process.stderr.isTTY === true;
}

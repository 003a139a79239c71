import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic.ts';
import type { FilePaths } from '../files/paths.ts';
import type { Destination } from '../pipeline/delivery/destination.ts';
import { FileDestination } from '../pipeline/delivery/file-destination.ts';
import { SpoolDestination } from '../pipeline/delivery/spool-destination.ts';
import { type ClaimedJournal, laidAside, orphans } from '../pipeline/spool/orphans.ts';
import type { Spool } from '../pipeline/spool/spool.ts';
import { providers } from '../providers/index.ts';
import { conclude, receiptFor, telemetryOf } from './conclude.ts';
import { processFacts, thisProcess } from './disk.ts';
import { gitFacts } from './git.ts';
import { receiptJson, receiptPath } from './receipt-file.ts';
import { type RecordedDestination, type RunRecord, readRunRecord } from './run-record.ts';
import { startTracing } from './tracing.ts';

export interface RecoveryOptions {
  /** Leaves what is not finished by then to a later run. */
  abort?: AbortSignal;
  /** Also takes up what processes have died of: nobody's session is at stake. */
  insists?: boolean;
}

export interface Recovery {
  /** Runs. */
  finished: number;
  /** Runs that were laid aside, as processes have died of them. */
  refused: number;
}

/**
 * Finishes the runs whose ai-trace was killed: what they received goes through a pipeline again, so that the session is known; what no
 * destination had is laid into the spool, and the receipt is written. A session that was recovered is not told on the desktop.
 */
export async function recoverRuns(
  paths: FilePaths,
  spool: Spool,
  { abort, insists }: RecoveryOptions = {},
): Promise<Recovery> {
  const recovery = { finished: 0, refused: 0 };
  const self = thisProcess();
  const aside = insists ? laidAside(paths.spoolDir, self) : [];
  for (const orphan of [...orphans(paths.spoolDir, self, processFacts), ...aside]) {
    if (!insists && orphan.layAsideIfDeadly()) {
      recovery.refused += 1;
      continue;
    }
    const journal = orphan.claim();
    if (journal === null) continue;
    const record = readRunRecord(journal.about);
    if (record === null) {
      // Another version's: that one will know what to do with it.
      journal.release();
      continue;
    }
    if (!(await recover(journal, record, { paths, spool, abort }))) break;
    recovery.finished += 1;
  }
  return recovery;
}

interface Place {
  paths: FilePaths;
  spool: Spool;
  abort: AbortSignal | undefined;
}

async function recover(journal: ClaimedJournal, record: RunRecord, place: Place): Promise<boolean> {
  const { paths, spool, abort } = place;
  const provider = providers[record.provider];
  const destinations = record.destinations.map((each) => destinationOf(each, spool));
  const git = await gitFacts(record.cwd);
  const tracing = await startTracing({
    ...record,
    // Journals of older versions do not tell it.
    parentRunId: record.parentRunId ?? null,
    provider,
    overrides: new Map(record.prices),
    // Branch and commit may have changed since.
    git: git && { ...git, branch: null, commit: null },
    priceCache: join(paths.cacheDir, 'prices.json'),
    destinations,
    onEvent: () => {},
  });

  let endedAt = record.startedAt;
  for (const { seq, received, isSettled } of journal.requests()) {
    if (abort?.aborted) {
      journal.release();
      return false;
    }
    endedAt = Math.max(endedAt, received.at);
    await new Promise<void>((read) => {
      tracing.pipeline.accept(received, {
        forward: !isSettled,
        read,
        settled: () => journal.settled(seq),
      });
    });
  }
  await tracing.pipeline.settled();
  const run = { ...record, provider, endedAt, status: { code: null, signal: null } };
  // Of a session without its beginning the figures would be wrong.
  conclude(tracing, run, journal.isWhole);
  await Promise.all(destinations.map((destination) => destination.close(0)));

  const { isWhole, damaged } = journal;
  const receipt = receiptFor(tracing, run, telemetryOf(tracing, 0, 0), [
    { kind: 'recovered', isWhole },
    // What it was writing when it died was not acknowledged.
    ...(damaged > 1 ? [{ kind: 'damaged', entries: damaged } as const] : []),
  ]);
  const file = receiptPath(paths, receipt);
  // Killed when all was done but this.
  if (!existsSync(file)) await writeFileAtomic(file, receiptJson(receipt));
  journal.remove();
  return true;
}

function destinationOf(recorded: RecordedDestination, spool: Spool): Destination {
  if (recorded.kind === 'file') return new FileDestination(recorded.path);
  return new SpoolDestination(recorded.url, recorded.needsHeaders, spool);
}

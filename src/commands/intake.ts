import type { Intake, Received } from '../pipeline/listener/listener.ts';
import type { Passage } from '../pipeline/pipeline.ts';
import { Journal } from '../pipeline/spool/journal.ts';
import type { Cli } from '../providers/provider.ts';
import { thisProcess } from './disk.ts';
import { type RecordedRun, runRecord } from './run-record.ts';

export interface StartedRun extends Omit<RecordedRun, 'provider'> {
  provider: Cli;
}

/** What may wait in memory to be understood. Bytes, as received. */
const waitingLimit = 16 * 1024 * 1024;

/** null when nothing may be kept on disk. */
export function openJournal(dir: string, { provider, ...run }: StartedRun): Journal | null {
  if (run.options.spoolLimitBytes === 0) return null;
  const about = runRecord({ ...run, provider: provider.id });
  return Journal.open({ dir, runId: run.runId, owner: thisProcess(), about });
}

export interface RunIntake extends Intake {
  /** Requests that were answered and then lost by a fault of ours. */
  faults(): number;
}

/**
 * Takes each request to disk, and only then on: when that is done the CLI may be answered.
 * @param understand understands and forwards a request; it may take until its parts are loaded.
 */
export function openIntake(
  journal: Journal | null,
  understand: (received: Received, passage: Passage) => Promise<void>,
): RunIntake {
  let waiting = 0;
  let faults = 0;
  const stopped: (() => void)[] = [];
  const done = (bytes: number) => {
    waiting -= bytes;
    if (waiting < waitingLimit) for (const go of stopped.splice(0)) go();
  };
  return {
    accept: (received) => {
      const frame = journal?.append(received);
      const bytes = received.body.length;
      waiting += bytes;
      const passage: Passage = {
        forward: true,
        read: () => done(bytes),
        settled: () => frame !== undefined && journal?.settled(frame),
      };
      // Its sender is answered first. A run that cannot be traced keeps nobody waiting.
      setImmediate(() => {
        understand(received, passage).catch(() => {
          faults += 1;
          passage.read();
        });
      });
    },
    room: () => (waiting < waitingLimit ? null : new Promise((resolve) => stopped.push(resolve))),
    faults: () => faults,
  };
}

import type { Journal } from '../pipeline/spool/journal.ts';
import type { RunIntake, StartedRun } from './intake.ts';
import { type Listeners, openListeners } from './listeners.ts';
import type { LiveTracing } from './live-tracing.ts';

/** The run's listeners, and what they have taken. */
export interface Listening extends Listeners {
  /** null while nothing has arrived, or when nothing may be kept on disk. */
  journal(): Journal | null;
  /** Requests that were lost by a fault of ours. */
  faults(): number;
}

/**
 * Opens the listener's socket, and nothing more: what takes requests loads with the first of them, and what
 * understands them is waited for behind the answer. Rejects when it cannot listen.
 * @param dir of the journal
 */
export async function listen(
  dir: string,
  run: StartedRun,
  load: () => Promise<LiveTracing>,
): Promise<Listening> {
  let journal: Journal | null = null;
  let opened: RunIntake | undefined;
  let intake: Promise<RunIntake> | undefined;
  const openOnce = async () => {
    const { openIntake, openJournal } = await import('./intake.ts');
    journal = openJournal(dir, run);
    // Should the loading fail, that is told once, when the CLI has ended.
    opened = openIntake(journal, async (received, passage) => (await load()).accept(received, passage));
    return opened;
  };
  const loadIntake = () => {
    intake ??= openOnce();
    return intake;
  };

  return {
    ...(await openListeners(loadIntake)),
    journal: () => journal,
    faults: () => opened?.faults() ?? 0,
  };
}

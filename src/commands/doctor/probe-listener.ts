import type { Pipeline } from '../../pipeline/pipeline.ts';
import { openIntake } from '../intake.ts';
import { type Listeners, openListeners } from '../listeners.ts';

/** The listeners of a session, but that nothing of what they take is kept on disk. */
export interface ProbeListener extends Listeners {
  /** When the first request came, `performance.now()`; null before. */
  receivedAt(): number | null;
  /** Requests that were lost by a fault of ours. */
  faults(): number;
}

/** Rejects when it cannot listen. */
export async function startProbeListener(pipeline: Pipeline): Promise<ProbeListener> {
  let receivedAt: number | null = null;
  const intake = openIntake(null, async (received, passage) => {
    receivedAt ??= performance.now();
    pipeline.accept(received, passage);
  });
  return {
    ...(await openListeners(async () => intake)),
    receivedAt: () => receivedAt,
    faults: () => intake.faults(),
  };
}

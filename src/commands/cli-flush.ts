import { setTimeout as sleep } from 'node:timers/promises';
import { hasLeftovers } from '../launcher/leftovers.ts';
import type { Listener } from '../pipeline/listener/listener.ts';

/** When the CLI and all it left behind are gone, what is in the sockets arrives within this. ms */
const settleMs = 3;
/** Processes that live on (a server that the agent started) may stay quiet for this long. ms */
const quietMs = 300;

/**
 * Resolves when nothing more can be expected: the CLI and the processes it left have closed their
 * connections, or have been quiet; at the latest after `limitMs`.
 */
export async function untilFlushed(
  listener: Listener,
  startTicks: number | null,
  limitMs: number,
): Promise<void> {
  const endedAt = Date.now();
  // It takes its time, in which bytes arrive: so it is asked first. Where all are gone nobody new can come.
  let isGone = !hasLeftovers(startTicks);
  let waitMs = Math.max(1, settleMs - (Date.now() - endedAt));
  while (Date.now() - endedAt < limitMs) {
    await sleep(waitMs);
    waitMs = settleMs;
    const quiet = Date.now() - Math.max(endedAt, listener.lastRequestAt());
    if (quiet >= quietMs) return;
    if (quiet < settleMs || listener.connections() > 0) continue;
    isGone ||= !hasLeftovers(startTicks);
    if (isGone) return;
  }
}

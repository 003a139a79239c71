import { setTimeout as sleep } from 'node:timers/promises';
import { hasLeftovers } from '../launcher/leftovers.ts';
import type { Listener } from '../pipeline/listener/listener.ts';

/** After the CLI and all it left behind are gone, what is in the sockets arrives within this. ms */
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
  while (Date.now() - endedAt < limitMs) {
    const quiet = Date.now() - Math.max(endedAt, listener.lastRequestAt());
    if (quiet >= quietMs) return;
    if (quiet >= settleMs && listener.connections() === 0 && !hasLeftovers(startTicks)) return;
    await sleep(settleMs);
  }
}

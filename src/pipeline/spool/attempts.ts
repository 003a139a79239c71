import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const name = 'attempts';

/**
 * Counts the processes that took a journal up, in a file beside its segments: one that brings each of them down
 * must not bring down every run to come.
 */
export function countAttempt(journal: string): void {
  try {
    appendFileSync(join(journal, name), '.', { mode: 0o600 });
  } catch {
    // It goes uncounted.
  }
}

/** How many took it up and did not lay it back; 0 where that is not known. */
export function attemptsAt(journal: string): number {
  try {
    return readFileSync(join(journal, name)).length;
  } catch {
    return 0;
  }
}

/** Whoever lays a journal back unharmed was no failure. */
export function forgetAttempts(journal: string): void {
  try {
    truncateSync(join(journal, name));
  } catch {
    // There is none, or it is gone.
  }
}

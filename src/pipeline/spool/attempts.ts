import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const name = 'attempts';

/**
 * Counts the processes that took a journal up, in a file beside its segments: one that brings each of them down
 * must not bring down every run to come. @returns how often, this time included; 1 where that cannot be counted.
 */
export function countAttempt(journal: string): number {
  try {
    const path = join(journal, name);
    appendFileSync(path, '.', { mode: 0o600 });
    return readFileSync(path).length;
  } catch {
    return 1;
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

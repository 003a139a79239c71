import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';

const oneDayMs = 24 * 60 * 60 * 1000;

/**
 * Has newer list prices fetched by a process of its own, which outlives this one: the user waits for nothing.
 * At most once a day: the cache is written by every attempt.
 */
export function refreshPricesLater(cacheFile: string, now: number): void {
  const checkedAt = checkedAtOf(cacheFile);
  if (now - checkedAt < oneDayMs) return;
  const program = process.argv[1];
  if (program === undefined) return;
  const child = spawn(process.execPath, [program, 'prices', '--update'], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

function checkedAtOf(cacheFile: string): number {
  try {
    return statSync(cacheFile).mtimeMs;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

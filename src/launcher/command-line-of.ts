import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process's command line, word by word; empty where it is not told. */
export function commandLineOf(pid: number, platform: NodeJS.Platform = process.platform): readonly string[] {
  if (platform === 'win32') return [];
  try {
    if (platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return wordsOfPs(pid);
  } catch {
    return [];
  }
}

/** macOS and the BSDs; not tested there. A word with a blank in it comes in pieces. */
function wordsOfPs(pid: number): string[] {
  const line = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 1000,
  });
  return line.trim().split(/\s+/);
}

import { execFileSync } from 'node:child_process';
import type { ProcessEntry } from './process-entry.ts';

/**
 * One `-o` for each column: in a list separated by commas BSD's ps takes all behind the first `=` for a
 * heading. Only columns that Linux's ps has too, where this is tested.
 */
const columns = ['pid', 'ppid', 'pgid', 'tpgid', 'stat'].flatMap((column) => ['-o', `${column}=`]);

export function oneByPs(pid: number): ProcessEntry | null {
  return ask(['-p', String(pid)])[0] ?? null;
}

export function allByPs(): ProcessEntry[] {
  return ask(['-A']);
}

function ask(which: readonly string[]): ProcessEntry[] {
  try {
    const text = execFileSync('ps', [...which, ...columns], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 1000,
    });
    return parsePs(text);
  } catch {
    // No such process, or no `ps`.
    return [];
  }
}

/** Lines of pid, ppid, pgid, tpgid and state (`T+`: only its first letter tells the state itself). */
export function parsePs(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const [pid, ppid, pgid, terminalPgid, state] = line.trim().split(/\s+/);
    if (state === undefined) return [];
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        pgid: Number(pgid),
        terminalPgid: Number(terminalPgid),
        state: state.charAt(0),
      },
    ];
  });
}

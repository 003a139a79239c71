import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessEntry } from './process-entry.ts';

/** One line of Linux's /proc/PID/stat, see proc_pid_stat(5). Without a terminal `terminalPgid` is -1. */
export interface ProcStat extends ProcessEntry {
  /** When it started, in clock ticks since boot: only good to compare two processes. */
  startTicks: number;
}

export function parseProcStat(text: string): ProcStat | null {
  // The second field is the program's name in parentheses, and may itself hold spaces and parentheses.
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(nameEnd + 2).split(' ');
  const [state, ppid, pgid, , , terminalPgid] = fields;
  const startTicks = fields[19];
  if (nameEnd < 0 || state === undefined || startTicks === undefined) return null;
  return {
    pid,
    state,
    ppid: Number(ppid),
    pgid: Number(pgid),
    terminalPgid: Number(terminalPgid),
    startTicks: Number(startTicks),
  };
}

/** null when there is no such process (any more), or no /proc. */
export function readProcStat(pid: number): ProcStat | null {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Every process this user may see; processes that end meanwhile are left out. Empty without /proc. */
export function readAllProcStats(): ProcStat[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => readProcStat(Number(pid))).filter((stat) => stat !== null);
  } catch {
    return [];
  }
}

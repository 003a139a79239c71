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
  return readEach(allPids());
}

/**
 * A process and those that were started after it, some others perhaps among them; as long as the numbers have not all been given away
 * since it was started.
 */
export function readProcStatsSince(pid: number): ProcStat[] {
  return readEach(pidsSince(pid, allPids(), lastPid()));
}

/** Linux counts upwards, and begins anew with low numbers when there are no more. @param last the one that was given last */
export function pidsSince(pid: number, pids: readonly number[], last: number): number[] {
  return pids.filter((each) => last < pid || each >= pid);
}

function readEach(pids: readonly number[]): ProcStat[] {
  return pids.map(readProcStat).filter((stat) => stat !== null);
}

function allPids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** See proc_loadavg(5). 0 where it is not told. */
function lastPid(): number {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1)) || 0;
  } catch {
    return 0;
  }
}

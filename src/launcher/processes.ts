import { readAllProcStats, readProcStat } from './proc-stat.ts';
import type { ProcessEntry } from './process-entry.ts';
import { allByPs, oneByPs } from './ps.ts';

/** Where to ask for processes; neither question throws. */
export interface Processes {
  /** null when there is no such process (any more), or it cannot be told. */
  one(pid: number): ProcessEntry | null;
  /** Every process this user may see; empty where that cannot be told. */
  all(): readonly ProcessEntry[];
  /** Does asking start a process of its own, so that its end is a SIGCHLD too? */
  readonly startsProcesses: boolean;
}

export function processesOf(platform: NodeJS.Platform): Processes {
  if (platform === 'win32') return unknown;
  return platform === 'linux' ? procfs : ps;
}

const procfs: Processes = { one: readProcStat, all: readAllProcStats, startsProcesses: false };

/** macOS and the BSDs. */
const ps: Processes = { one: oneByPs, all: allByPs, startsProcesses: true };

/** Windows has neither process groups nor stopped processes. */
const unknown: Processes = { one: () => null, all: () => [], startsProcesses: false };

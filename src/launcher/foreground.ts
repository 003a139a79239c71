import type { Processes } from './processes.ts';

/**
 * Does our process group own its terminal, so that Ctrl-C and Ctrl-\ reach every process in it? Not asked of
 * stdin: in `cat prompt | ai-trace claude -p` it is a pipe, and the keyboard still reaches the CLI. False
 * without a terminal, and where processes cannot be asked for.
 */
export function isForeground(processes: Processes, self: number = process.pid): boolean {
  const own = processes.one(self);
  return own !== null && own.pgid === own.terminalPgid;
}

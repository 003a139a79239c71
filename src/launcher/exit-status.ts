/** How a process ended, as Node tells it: exactly one of the two is set. */
export interface ExitStatus {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The exit code a shell shows for it: the code itself, or 128 + n for death by signal n. */
export function exitCodeOf({ code, signal }: ExitStatus): number {
  // Not loaded before the CLI is started.
  if (signal !== null) return 128 + process.getBuiltinModule('node:os').constants.signals[signal];
  return code ?? 1;
}

import { type ChildProcess, spawn } from 'node:child_process';
import type { ExitStatus } from './exit-status.ts';
import { type Processes, processesOf } from './processes.ts';
import { relaySignals } from './signals.ts';

export interface Launch {
  /** Program file, from `findExecutable`. */
  file: string;
  /** Passed verbatim, empty strings included. */
  args: readonly string[];
  /** The CLI's whole environment. */
  env: NodeJS.ProcessEnv;
  /** Also signal the processes the CLI started, when a signal is passed on. */
  signalTree?: boolean;
  /** Where to ask for processes: this platform's. */
  processes?: Processes;
  /** Called as soon as the CLI runs. It must not throw. */
  onSpawn?: (pid: number) => void;
}

export type LaunchResult =
  | { kind: 'exited'; status: ExitStatus }
  | { kind: 'not_found' }
  | { kind: 'not_executable' }
  | { kind: 'failed'; reason: string };

/**
 * Runs the CLI on our own terminal and in our own process group, and waits until it has ended. From here on
 * no signal ends ai-trace: a shell must not prompt again while the CLI still cleans up, and the little that
 * is left to do afterwards must not change the exit status. `leaveLike` takes the handlers off.
 */
export function launch({
  file,
  args,
  env,
  signalTree = false,
  processes = processesOf(process.platform),
  onSpawn,
}: Launch): Promise<LaunchResult> {
  return new Promise((resolve) => {
    let child: ChildProcess | undefined;
    relaySignals({ pid: () => child?.pid, signalTree, processes });
    const finish = (result: LaunchResult) => {
      child = undefined;
      resolve(result);
    };

    try {
      child = spawn(file, args, { env, stdio: 'inherit', detached: false });
    } catch (error) {
      // Node throws what it does not expect (E2BIG, EINVAL, …) and reports the common errors by event.
      finish(failureOf(error));
      return;
    }
    child.once('error', (error) => finish(failureOf(error)));
    child.once('exit', (code, signal) => finish({ kind: 'exited', status: { code, signal } }));
    if (child.pid !== undefined) onSpawn?.(child.pid);
  });
}

function failureOf(error: unknown): LaunchResult {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { kind: 'not_found' };
  if (code === 'EACCES') return { kind: 'not_executable' };
  return { kind: 'failed', reason: typeof code === 'string' ? code : String(error) };
}

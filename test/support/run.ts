import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RunOptions {
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** After it the whole process group is killed, and `timedOut` is true. */
  timeoutMs?: number;
  /** Standard input; it is empty without it, never a terminal. */
  input?: string;
}

export interface RunResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
  ms: number;
  timedOut: boolean;
}

export interface Running {
  pid: number;
  /** Signals the process alone, or with `group` all that it started as well. */
  kill(signal: NodeJS.Signals, whom?: 'process' | 'group'): void;
  result: Promise<RunResult>;
}

/** Runs a command to its end; see `startHeadless`. */
export function runHeadless(command: readonly string[], options: RunOptions): Promise<RunResult> {
  return startHeadless(command, options).result;
}

/** Starts a command without a terminal, as leader of a process group of its own. */
export function startHeadless(command: readonly string[], options: RunOptions): Running {
  const { env, cwd, timeoutMs = 60_000, input = '' } = options;
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, { env, cwd, detached: true });
  const { pid } = child;
  if (pid === undefined) {
    child.on('error', () => {});
    throw new Error(`cannot start ${program}`);
  }
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(pid, 'SIGKILL');
  }, timeoutMs);
  const result = once(child, 'close').then(([code, signal]): RunResult => {
    clearTimeout(timer);
    const ms = performance.now() - started;
    return {
      code,
      signal,
      stdout: Buffer.concat(stdout),
      stderr: Buffer.concat(stderr).toString(),
      ms,
      timedOut,
    };
  });
  return {
    pid,
    kill: (signal, whom = 'process') => (whom === 'group' ? killGroup(pid, signal) : child.kill(signal)),
    result,
  };
}

/** The group may be gone already. */
function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode } from '../../files/error-code.ts';
import type { ExitStatus } from '../../launcher/exit-status.ts';
import { processesOf } from '../../launcher/processes.ts';
import { descendantsInGroup } from '../../launcher/tree.ts';

export interface ChildOptions {
  file: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  limitMs: number;
  /** Called when a signal is about to end us, after the program has been killed. */
  onInterrupt(): void;
}

export type ChildEnd =
  | { kind: 'not_started'; reason: string }
  /** `said`: the last of what it wrote on stderr, or on stdout where that is empty. */
  | { kind: 'ended'; status: ExitStatus; said: string }
  /** It was killed. */
  | { kind: 'timeout' };

/** Characters of its output that are kept. */
const keptLength = 4000;

const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a program without input and unseen; it ends with us, and after `limitMs` at the latest. */
export function runChild({ file, args, env, cwd, limitMs, onInterrupt }: ChildOptions): Promise<ChildEnd> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(file, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      resolve({ kind: 'not_started', reason: errorCode(error) });
      return;
    }
    const stdout = tailOf(child.stdout);
    const stderr = tailOf(child.stderr);
    let end: ChildEnd | undefined;
    const timer = setTimeout(() => {
      end = { kind: 'timeout' };
      killTree(child);
    }, limitMs);
    const interrupted = (signal: NodeJS.Signals) => {
      killTree(child);
      onInterrupt();
      for (const each of interruptions) process.off(each, interrupted);
      process.kill(process.pid, signal);
    };
    for (const signal of interruptions) process.on(signal, interrupted);
    const finish = (result: ChildEnd) => {
      clearTimeout(timer);
      for (const signal of interruptions) process.off(signal, interrupted);
      // What it has left behind may hold its pipes.
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(end ?? result);
    };
    child.once('error', (error) => finish({ kind: 'not_started', reason: errorCode(error) }));
    child.once('exit', (code, signal) => {
      // What is in the pipes by now is read first.
      setImmediate(() => finish({ kind: 'ended', status: { code, signal }, said: stderr() || stdout() }));
    });
  });
}

/** Some CLIs are launchers that take no signal for themselves, or hand none on. */
function killTree(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const below = descendantsInGroup(child.pid, processesOf(process.platform).all());
  child.kill('SIGKILL');
  for (const pid of below) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function tailOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-keptLength);
  });
  return () => text.trim();
}

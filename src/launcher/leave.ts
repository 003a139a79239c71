import { closeSync, fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { type ExitStatus, exitCodeOf } from './exit-status.ts';

/** Longest wait, in ms, for a reader of our output who does not read. */
const flushLimitMs = 1000;

/**
 * Ends ai-trace as the CLI ended: with its exit code, or by the same signal (where that does not kill, as for
 * process 1 of a container, with 128 + n). What was written to stdout and stderr goes out first.
 */
export async function leaveLike(status: ExitStatus): Promise<never> {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  if (status.signal !== null) dieOf(status.signal);
  closeLostTerminals();
  process.exit(exitCodeOf(status));
}

function dieOf(signal: NodeJS.Signals): void {
  // Taking the last listener off restores the default action, which Node itself has changed for SIGPIPE and
  // SIGUSR1. SIGKILL takes no listener and needs none.
  if (signal !== 'SIGKILL') {
    process.on(signal, () => {});
    process.removeAllListeners(signal);
  }
  process.kill(process.pid, signal);
}

/**
 * At its end Node restores the modes of the terminals it was started with; Node 20 crashes (SIGABRT, SIGSEGV)
 * when the window of one has gone by then. It passes over what is closed.
 */
function closeLostTerminals(): void {
  for (const fd of [0, 1, 2]) {
    try {
      if (fstatSync(fd).isCharacterDevice() && !isTerminal(fd)) closeSync(fd);
    } catch {
      // Closed already.
    }
  }
}

/** Without loading what is not needed before the CLI is started, nor where there is no terminal. */
function isTerminal(fd: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(fd);
}

/** Resolves when all is written, when the reader has gone, or at the limit. */
function flushed(stream: Writable): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => resolve();
    stream.once('error', done);
    stream.write('', done);
    setTimeout(done, flushLimitMs);
  });
}

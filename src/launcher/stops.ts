import { isForeground } from './foreground.ts';
import type { Processes } from './processes.ts';

export interface StopWatch {
  /** The CLI's process id; undefined when it does not run. */
  pid(): number | undefined;
  processes: Processes;
  /** Lets the CLI go on. */
  resume(): void;
}

/** How long after a question the end of the process that answered it is still expected, ms. */
const echoMs = 50;

/** How long a SIGCONT may follow the SIGCHLD of an earlier stop, ms: they may come on different threads. */
const resumeMs = 250;

/**
 * Keeps job control right when the CLI stops only itself, and not its whole process group: a shell looks at
 * us alone, and would wait for ever. So we stop when the CLI has stopped, and resume it when we are resumed.
 * When the whole group is stopped and resumed, nothing is left to do.
 *
 * The kernel tells of a stopped child by SIGCHLD; Node does not, so the child's state is looked at. Nothing is
 * polled.
 */
export function followStops(watch: StopWatch): void {
  const { processes } = watch;
  const isStopped = () => {
    const pid = watch.pid();
    return pid !== undefined && processes.one(pid)?.state === 'T';
  };

  let isLooking = false;
  const look = (hasWaited: boolean) => {
    if (isStopped()) {
      // In the background it may be old news: when all of us were stopped and only we were resumed, a SIGCONT
      // is on its way, and with it we resume the CLI.
      if (!hasWaited && !isForeground(processes)) {
        setTimeout(look, resumeMs, true).unref();
        return;
      }
      stopSelf();
    }
    const lookAgain = () => {
      isLooking = false;
    };
    if (processes.startsProcesses) setTimeout(lookAgain, echoMs).unref();
    else lookAgain();
  };
  process.on('SIGCHLD', () => {
    if (isLooking) return;
    isLooking = true;
    look(false);
  });
  process.on('SIGCONT', () => {
    if (isStopped()) watch.resume();
  });
}

/**
 * Not SIGSTOP: this one the kernel discards when no shell is there that could resume us (POSIX: an orphaned
 * process group), and then we had better stay awake until somebody resumes the CLI.
 */
function stopSelf(): void {
  process.kill(process.pid, 'SIGTSTP');
}

import { isForeground } from './foreground.ts';
import type { Processes } from './processes.ts';
import { followStops } from './stops.ts';
import { terminalModes } from './stty.ts';
import { descendantsInGroup } from './tree.ts';

export interface SignalRelay {
  /** The CLI's process id; undefined when it does not run. */
  pid(): number | undefined;
  /** Some CLIs start a second process and swallow what is sent to the first (Gemini): signal that one too. */
  signalTree: boolean;
  processes: Processes;
}

/**
 * The terminal sends these to the whole foreground group, the CLI included: a copy of ours would count as a
 * second Ctrl-C.
 */
const fromKeyboard = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Sent to one process, so the CLI would not see them. A listener on SIGUSR1 also keeps Node from opening its
 * debugger.
 */
const relayed = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Keeps ai-trace alive through every signal that may end the CLI, and passes on those the CLI did not get
 * itself. SIGTSTP, SIGTTIN and SIGTTOU are left alone: by default they stop the whole group, and `fg` resumes
 * it.
 */
export function relaySignals(relay: SignalRelay): void {
  const onKeyboard = (signal: NodeJS.Signals) => {
    if (!mayBeFromKeyboard(relay.processes)) pass(signal, relay);
  };
  const onRelayed = (signal: NodeJS.Signals) => pass(signal, relay);

  for (const signal of fromKeyboard) process.on(signal, onKeyboard);
  for (const signal of relayed) process.on(signal, onRelayed);
  followStops({ ...relay, resume: () => pass('SIGCONT', relay) });
}

/**
 * Node does not tell who sent a signal. The keyboard sends none to the background, nor while a full-screen
 * program reads every key itself. In the foreground with keys like Ctrl-C on it may have been the keyboard or
 * `kill`, and nothing tells them apart.
 */
function mayBeFromKeyboard(processes: Processes): boolean {
  // A Windows console delivers Ctrl-C to every program attached to it, and a signal sent by Node would kill.
  if (process.platform === 'win32') return true;
  return isForeground(processes) && (terminalModes()?.has('isig') ?? true);
}

function pass(signal: NodeJS.Signals, { pid, signalTree, processes }: SignalRelay): void {
  const target = pid();
  if (target === undefined) return;
  // Looked up first: when the CLI dies at once, its children are no longer known as its own.
  const descendants = signalTree ? descendantsInGroup(target, processes.all()) : [];
  for (const each of [target, ...descendants]) send(each, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, or belongs to another user.
  }
}

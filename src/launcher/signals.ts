import { isForeground } from './foreground.ts';
import { descendantsInGroup, listProcesses } from './tree.ts';

export interface SignalRelay {
  /** The CLI's process id; undefined until it runs. */
  pid(): number | undefined;
  /** Some CLIs start a second process and swallow what is sent to the first (Gemini): signal that one too. */
  signalTree: boolean;
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
 * itself. SIGTSTP is left alone: by default the whole group stops and `fg` resumes it.
 */
export function relaySignals(relay: SignalRelay): void {
  const onKeyboard = (signal: NodeJS.Signals) => {
    if (!isForeground()) pass(signal, relay);
  };
  const onRelayed = (signal: NodeJS.Signals) => pass(signal, relay);

  for (const signal of fromKeyboard) process.on(signal, onKeyboard);
  for (const signal of relayed) process.on(signal, onRelayed);
}

function pass(signal: NodeJS.Signals, { pid, signalTree }: SignalRelay): void {
  const target = pid();
  if (target === undefined) return;
  // Looked up first: when the CLI dies at once, its children are no longer known as its own.
  const descendants = signalTree ? descendantsInGroup(target, listProcesses()) : [];
  for (const each of [target, ...descendants]) send(each, signal);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile, or belongs to another user.
  }
}

import { expect, onTestFinished } from 'vitest';
import { readProcStat } from '../../src/launcher/proc-stat.ts';
import { Terminal } from './terminal.ts';

/** How each interactive shell is started without anybody's settings, and what it says of a job. */
export const shells = [
  {
    name: 'bash',
    // -b: tells of a job at once, as the others do.
    command: ['bash', '--norc', '--noprofile', '-i', '-b'],
    stopped: 'Stopped',
    tellCode: 'echo "code $?"',
    forgetsCode: false,
  },
  {
    name: 'zsh',
    command: ['zsh', '-f', '-i', '+o', 'PROMPT_SP'],
    stopped: 'suspended',
    tellCode: 'echo "code $?"',
    forgetsCode: false,
  },
  {
    name: 'fish',
    command: ['fish', '--no-config', '-i', '-C', 'function fish_prompt; echo -n "prompt> "; end'],
    stopped: 'has stopped',
    tellCode: 'echo "code $status"',
    // Of any job that was brought back by fg (3.6).
    forgetsCode: true,
  },
] as const;

export type Shell = (typeof shells)[number];

/** The program and the package of Debian that brings it; see `ensurePrograms`. */
export const shellPackages = { bash: 'bash', zsh: 'zsh', fish: 'fish' };

/** A shell in a terminal of its own, ready for a command. */
export async function startShell(
  shell: Shell,
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Terminal> {
  const terminal = new Terminal(shell.command, {
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', PS1: 'prompt> ', HISTFILE: '/dev/null', ...env },
    cwd,
  });
  onTestFinished(() => terminal.close());
  await atPrompt(terminal);
  return terminal;
}

/** Before it the shell would not get what is typed. */
export function atPrompt(terminal: Terminal): Promise<void> {
  return terminal.waitFor(/prompt>$/);
}

/** The command that was brought back by fg has ended with this code. */
export async function expectCode(terminal: Terminal, shell: Shell, code: number): Promise<void> {
  await atPrompt(terminal);
  terminal.type(`${shell.tellCode}\r`);
  await terminal.waitFor(`code ${shell.forgetsCode ? 0 : code}`);
}

/** A process's state as the kernel tells it: R, S, T (stopped), …; undefined when it is gone. */
export function stateOf(pid: number): string | undefined {
  return readProcStat(pid)?.state;
}

export async function expectState(pid: number, state: string): Promise<void> {
  await expect.poll(() => stateOf(pid), { timeout: 20_000 }).toBe(state);
}

/** In a container nobody may reap what has lost its parent: a zombie has ended as well. */
export async function expectEnded(pid: number): Promise<void> {
  await expect.poll(() => stateOf(pid) ?? 'Z', { timeout: 30_000 }).toBe('Z');
}

/** The text, so many times. */
export function times(count: number, text: string): RegExp {
  return new RegExp(Array<string>(count).fill(text).join('[^]*'));
}

export interface Place {
  pid: number;
  ppid: number;
  pgid: number;
  sid: number;
  /** The terminal's foreground process group; -1 without one. */
  foreground: number;
}

/** Where the stand-in runs, which it tells by {"place": true}. */
export async function placeOf(terminal: Terminal): Promise<Place> {
  const told = /\{"pid":[^}]+\}/;
  await terminal.waitFor(told);
  return JSON.parse(told.exec(terminal.screen({ unwrapped: true }))?.[0] ?? '');
}

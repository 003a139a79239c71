import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ExitStatus } from './exit-status.ts';
import { processesOf } from './processes.ts';
import { resetTerminalModes, terminalModes } from './stty.ts';

/** Deaths that leave a program no time to put the terminal in order. */
const violent: readonly NodeJS.Signals[] = [
  'SIGKILL',
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
  'SIGSYS',
];

/**
 * Undoes what full-screen programs switch on, the three CLIs among them; each is without effect where it was
 * not on.
 */
export const terminalReset = [
  '\x1b[?2026l', // synchronized output: let the screen be painted again
  '\x1b[<u', // kitty keyboard, on the alternate screen's own stack
  '\x1b7\x1b[?1049l', // leave the alternate screen; the saved cursor stays in place if there is none
  '\x1b[<u', // kitty keyboard, on the main screen's stack
  '\x1b[>4;0m', // xterm's modifyOtherKeys
  '\x1b[?1l\x1b>', // cursor keys and keypad
  '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l', // mouse
  '\x1b[?1004l\x1b[?2031l', // reports of focus and of the colour scheme
  '\x1b[?2004l', // bracketed paste
  '\x1b7\x1b[r\x1b8\x1b[?7h', // the whole screen scrolls again (which would move the cursor), long lines wrap
  '\x1b(B\x0f\x1b[0m', // letters, not line drawing; plain text
  '\x1b[0 q\x1b[?25h', // cursor on, of the usual shape
  '\r\n',
].join('');

/**
 * After a violent end of the CLI only: makes the terminal usable again, as well as it can. Without a terminal,
 * and after any other end, nothing is written.
 */
export function repairTerminal(status: ExitStatus, processes = processesOf(process.platform)): void {
  if (status.code === 0 || ![0, 1, 2].some((fd) => isatty(fd))) return;
  const own = processes.one(process.pid);
  // Another job may own the terminal by now; and changing its modes from the background would stop us.
  if (own === null || own.pgid !== own.terminalPgid) return;
  // Who shares a group with its parent may have got the terminal raw from it.
  const isShellsJob = own.pgid === own.pid;
  if (!isViolent(status) && !(isShellsJob && isLeftRaw())) return;

  const screen = [1, 2].find((fd) => isatty(fd));
  try {
    if (screen !== undefined) writeSync(screen, terminalReset);
  } catch {
    // The terminal has gone, or it does not take more output now.
  }
  resetTerminalModes();
}

function isViolent({ signal }: ExitStatus): boolean {
  return signal !== null && violent.includes(signal);
}

/**
 * Codex dies of SIGTERM as it stands, and Gemini's launcher tells the violent death of its second process as
 * exit code 1. A program that cleaned up has given the keyboard back to the terminal.
 */
function isLeftRaw(): boolean {
  return terminalModes()?.has('icanon') === false;
}

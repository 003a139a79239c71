import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ExitStatus } from './exit-status.ts';
import { isForeground } from './foreground.ts';

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

/** Undoes what full-screen programs switch on; each is without effect where it was not on. */
export const terminalReset = [
  '\x1b[?2026l', // synchronized output: let the screen be painted again
  '\x1b[<u', // kitty keyboard, on the alternate screen's own stack
  '\x1b7\x1b[?1049l', // leave the alternate screen; the saved cursor stays in place if there is none
  '\x1b[<u', // kitty keyboard, on the main screen's stack
  '\x1b[>4;0m', // xterm's modifyOtherKeys
  '\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l', // mouse
  '\x1b[?1004l', // focus reports
  '\x1b[?2004l', // bracketed paste
  '\x1b[0m\x1b[?25h', // plain text, cursor on
  '\r\n',
].join('');

/** After a violent death of the CLI only: makes the terminal usable again, as well as it can. */
export function repairTerminal(status: ExitStatus): void {
  if (status.signal === null || !violent.includes(status.signal) || !isatty(1)) return;
  // Another job may own the terminal by now; and changing its modes from the background would stop us.
  if (!isForeground()) return;
  try {
    writeSync(1, terminalReset);
    cookedMode();
  } catch {
    // The terminal has gone, or it does not take more output now.
  }
}

function cookedMode(): void {
  const terminal = openSync('/dev/tty', 'r');
  try {
    spawnSync('stty', ['sane'], { stdio: [terminal, 'ignore', 'ignore'], timeout: 1000 });
  } finally {
    closeSync(terminal);
  }
}

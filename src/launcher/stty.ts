import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** What is on in a terminal: words of stty(1) without the dash of what is off. */
export type TerminalModes = ReadonlySet<string>;

/** The modes of our controlling terminal; null without one, and without stty. */
export function terminalModes(): TerminalModes | null {
  const text = stty('-a');
  return text === null ? null : parseStty(text);
}

export function parseStty(text: string): TerminalModes {
  return new Set(text.split(/[\s;]+/).filter((word) => /^[a-z]/.test(word)));
}

/** Lines, echo and signals from the keyboard again, as a shell expects them. */
export function resetTerminalModes(): void {
  stty('sane');
}

function stty(word: string): string | null {
  try {
    const terminal = openSync('/dev/tty', 'r');
    try {
      const { status, stdout } = spawnSync('stty', [word], {
        encoding: 'utf8',
        stdio: [terminal, 'pipe', 'ignore'],
        timeout: 1000,
      });
      return status === 0 ? stdout : null;
    } finally {
      closeSync(terminal);
    }
  } catch {
    // No terminal, or it has gone.
    return null;
  }
}

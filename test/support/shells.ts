import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type RunResult, runHeadless } from './run.ts';
import { Terminal } from './terminal.ts';
import { aiTrace } from './traced.ts';

/** How each shell is started without anybody's settings, and what it says in its own way. */
export const shellWays = {
  bash: {
    start: ['bash', '--noprofile', '--norc'],
    init: 'eval "$(ai-trace shell-init bash)"',
    remove: 'eval "$(ai-trace shell-init bash --remove)"',
    ownFunction: 'codex() { echo mine; }',
    status: '$?',
  },
  zsh: {
    start: ['zsh', '-f'],
    init: 'eval "$(ai-trace shell-init zsh)"',
    remove: 'eval "$(ai-trace shell-init zsh --remove)"',
    ownFunction: 'codex() { echo mine; }',
    status: '$?',
  },
  fish: {
    start: ['fish', '--no-config'],
    init: 'ai-trace shell-init fish | source',
    remove: 'ai-trace shell-init fish --remove | source',
    ownFunction: 'function codex; echo mine; end',
    status: '$status',
  },
} as const;

export type ShellName = keyof typeof shellWays;

/** Tells whether it is traced, and its words; ends with 7. With STEERED it stops its process group for each `z` it reads. */
const codex = `#!/bin/sh
if [ "$1" = -c ]; then echo traced; else echo plain; fi
while [ "$1" = -c ]; do shift 2; done
for word; do printf '<%s>' "$word"; done
echo
if [ -n "$STEERED" ]; then
  echo ready
  while read -r line; do
    case $line in z) kill -TSTP 0; echo resumed ;; q) exit 7 ;; esac
  done
fi
exit 7
`;

export interface ShellRoom {
  /** Runs the lines, without a terminal. */
  script(shell: ShellName, lines: readonly string[]): Promise<RunResult>;
  /** Runs a program on a file that holds this text. */
  check(command: readonly string[], text: string): Promise<RunResult>;
  /** At a prompt `ready> `. */
  prompt(shell: ShellName, env?: Readonly<Record<string, string>>): Promise<Terminal>;
}

/**
 * A home with ai-trace and a stand-in for Codex on PATH, in folders with a space and a quote in their names. Neither
 * Gemini CLI nor Claude Code is installed. $CLI_PATH is PATH without ai-trace, $FULL_PATH is PATH as it was.
 */
export async function shellRoom(): Promise<ShellRoom> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'ai-trace-shell-')));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const ownBin = join(home, "it's a bin");
  const cliBin = join(home, 'cli bin');
  await mkdir(ownBin);
  await mkdir(cliBin);
  await symlink(aiTrace, join(ownBin, 'ai-trace'));
  await writeFile(join(cliBin, 'codex'), codex);
  await chmod(join(cliBin, 'codex'), 0o755);
  const path = [cliBin, dirname(process.execPath), '/usr/bin', '/bin'].join(':');
  const env = {
    PATH: `${ownBin}:${path}`,
    FULL_PATH: `${ownBin}:${path}`,
    CLI_PATH: path,
    HOME: home,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    AI_TRACE_FORWARD: 'none',
    AI_TRACE_PRICE_UPDATES: '0',
    AI_TRACE_SUMMARY: 'never',
    XDG_RUNTIME_DIR: home,
  };
  const check = async (command: readonly string[], text: string) => {
    const file = join(home, 'script');
    await writeFile(file, text);
    return runHeadless([...command, file], { env, cwd: home });
  };
  return {
    script: (shell, lines) => check(shellWays[shell].start, `${lines.join('\n')}\n`),
    check,
    prompt: async (shell, more = {}) => {
      const terminal = new Terminal([...shellWays[shell].start, '-i'], {
        env: { ...env, ...more },
        cwd: home,
        cols: 220,
        rows: 50,
      });
      onTestFinished(() => terminal.close());
      terminal.type(`${prompts[shell]}\r`);
      await terminal.waitFor(/ready>$/);
      return terminal;
    },
  };
}

/** No colours, no folder: only this, so that it can be waited for. It is not in the line that sets it. */
const prompts: Record<ShellName, string> = {
  bash: "PS1='ready''> '; bind 'set show-all-if-ambiguous on'",
  zsh: "PS1='ready''> '; RPS1=; bindkey -e; unsetopt list_ambiguous",
  fish: "set fish_autosuggestion_enabled 0; function fish_prompt; echo -n 'ready''> '; end",
};

/** Types a line at the prompt, and waits until it stands there. */
async function type(terminal: Terminal, line: string): Promise<void> {
  terminal.type(line);
  await terminal.waitFor(new RegExp(`ready> ${line.trimEnd().replace(/[^\w ]/g, '\\$&')}$`));
}

/** Enters a line and waits for the next prompt. */
export async function say(terminal: Terminal, line: string): Promise<void> {
  await enter(terminal, line);
  await terminal.waitFor(/ready>$/);
}

/** Enters a line and waits for a text that is not in it. */
export async function sayAndSee(terminal: Terminal, line: string, seen: string | RegExp): Promise<void> {
  await enter(terminal, line);
  await terminal.waitFor(seen);
}

/** Presses TAB until all of it is on the screen; then gives the line up. */
export async function complete(
  terminal: Terminal,
  shell: ShellName,
  line: string,
  seen: readonly (string | RegExp)[],
): Promise<void> {
  await say(terminal, 'clear');
  await type(terminal, line);
  terminal.type('\t');
  for (const each of seen) await terminal.waitFor(each);
  // fish: one for the list, one for the line.
  terminal.type(shell === 'fish' ? '\x03\x03' : '\x03');
  await terminal.waitFor(/ready>$/);
}

async function enter(terminal: Terminal, line: string): Promise<void> {
  await type(terminal, line);
  terminal.type('\r');
}

/** The real CLIs in a shell in a terminal: Ctrl-Z, Ctrl-C, `kill`, a closed window. What each does alone is in table 1.1 of the launcher's facts. */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { ensurePrograms } from '../../scripts/debian.mjs';
import { type ProcStat, readAllProcStats, readProcStat } from '../../src/launcher/proc-stat.ts';
import { descendantsInGroup } from '../../src/launcher/tree.ts';
import { type CliCase, cliCases } from '../support/cli-cases.ts';
import {
  atPrompt,
  expectCode,
  expectEnded,
  expectState,
  type Shell,
  shellPackages,
  shells,
  startShell,
  stateOf,
} from '../support/job-control.ts';
import type { Script } from '../support/mock/script.ts';
import { type Rig, rig } from '../support/rig.ts';
import type { Terminal } from '../support/terminal.ts';
import { readForwarded, readReceipt, tracedCommand } from '../support/traced.ts';

const missing = await ensurePrograms(shellPackages);
if (missing !== null) console.warn(`NOT TESTED: the real CLIs in real shells (${missing})`);

test.runIf(process.env['CI'] === 'true')('there are shells to test with', () => {
  expect(missing).toBeNull();
});

const [bash, zsh, fish] = shells;
const answers: Script<object> = { main: [{ kind: 'text', text: 'First answer.' }] };
const silence: Script<object> = { main: [{ kind: 'stall', afterEvents: 2 }] };

interface InShell {
  cli: Rig;
  terminal: Terminal;
  /** Starts the session, full-screen or without, as `traced` or `plain` does in the shell. */
  start(): void;
  /** ai-trace, the job's leader. */
  pid(): number;
}

/** `traced` and `plain` in the shell are a session with and without ai-trace. */
async function inShell(
  shell: Shell,
  name: CliName,
  mode: 'headless' | 'tui',
  script: Script<object>,
): Promise<InShell> {
  const cli = await rig(name, script);
  const bin = join(cli.home, 'bin');
  await mkdir(bin);
  const prompt = mode === 'tui' ? '' : 'Say hello to me.';
  const commands = {
    traced: tracedCommand(cli, mode, { prompt }),
    plain: [cli.executable, ...cli.args(mode, prompt)],
  };
  for (const [command, words] of Object.entries(commands)) {
    const file = join(bin, command);
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    await writeFile(file, `#!/bin/sh\nexec ${quoted.join(' ')}\n`);
    await chmod(file, 0o755);
  }
  const terminal = await startShell(
    shell,
    { ...cli.env, PATH: [bin, cli.env['PATH']].join(delimiter) },
    cli.cwd,
  );
  const pid = () =>
    readAllProcStats().find((each) => each.ppid === terminal.pid && each.pgid === each.pid)?.pid ?? 0;
  // Whatever a failed test leaves: the job is no longer the shell's when ai-trace was killed.
  let job = 0;
  onTestFinished(() => {
    if (job > 0) for (const { pid } of alive(job)) process.kill(pid, 'SIGKILL');
  });
  return {
    cli,
    terminal,
    start: () => terminal.type('traced\r'),
    pid: () => {
      job ||= pid();
      return job;
    },
  };
}

/** Processes of the group; in a container nobody reaps those that have ended. */
function alive(group: number): ProcStat[] {
  return readAllProcStats().filter(({ pgid, state }) => pgid === group && state !== 'Z');
}

/** Gemini wants to be asked several times; while something is typed Ctrl-Z takes that back. */
async function suspend(terminal: Terminal, name: CliName, { stopped }: Shell): Promise<void> {
  await terminal.press('ctrl-z');
  for (let more = 0; name === 'gemini' && more < 8 && !terminal.screen().includes(stopped); more += 1) {
    await terminal.press('ctrl-z');
    await terminal.waitFor(stopped, 700).catch(() => {});
  }
  await terminal.waitFor(stopped);
}

/** While a CLI takes the terminal back it throws away what is typed (Codex asks the terminal questions then): a person types again. */
async function typeAfterResume(terminal: Terminal, line: string): Promise<void> {
  for (let tries = 0; tries < 3 && !terminal.screen().includes(line); tries += 1) {
    terminal.type(line);
    await terminal.waitFor(line, 7000).catch(() => {});
  }
  await terminal.waitFor(line);
}

const byName = Object.fromEntries(cliCases.map((each) => [each.name, each])) as Record<CliName, CliCase>;

test.runIf(missing === null).each([
  { its: byName.codex, name: 'codex', shell: bash, where: bash.name },
  { its: byName.gemini, name: 'gemini', shell: zsh, where: zsh.name },
  { its: byName.claude, name: 'claude', shell: fish, where: fish.name },
  { its: byName.claude, name: 'claude', shell: bash, where: bash.name },
])('P1 $name in $where stops at Ctrl-Z, and goes on with fg', async ({ its, shell }) => {
  const { cli, terminal, start, pid } = await inShell(shell, its.name, 'tui', answers);
  start();
  await terminal.waitFor(its.terminal.ready, 60_000);
  const job = pid();
  await suspend(terminal, its.name, shell);
  await atPrompt(terminal);
  expect(stateOf(job)).toBe('T');
  expect(descendantsInGroup(job, readAllProcStats()).map(stateOf)).not.toContain('S');
  terminal.type('clear; echo the-shell-is-back | tr a-z A-Z\r');
  await terminal.waitFor('THE-SHELL-IS-BACK');
  terminal.type('fg\r');
  await expectState(job, 'S');
  await terminal.waitFor(its.terminal.ready);
  await typeAfterResume(terminal, 'Say hello to me.');
  await terminal.press('enter');
  await terminal.waitFor('First answer.');
  await terminal.submit(its.terminal.quit);
  await expectCode(terminal, shell, 0);
  expect(readReceipt(cli)).toMatchObject({ turns: 1, exit: { code: 0 } });
});

test.each(cliCases)(
  'P2 $name without a screen: Ctrl-C ends it as alone, and the prompt comes after it',
  async ({ name }) => {
    const codes: string[] = [];
    for (const command of ['plain', 'traced']) {
      const { cli, terminal, pid } = await inShell(bash, name, 'headless', silence);
      terminal.type(`${command}; echo "code $?"\r`);
      await expect
        .poll(() => cli.api.spent.some(({ kind }) => kind === 'unfinished'), { timeout: 60_000 })
        .toBe(true);
      const job = pid();
      terminal.type('\x03');
      await terminal.waitFor(/code \d/, 30_000);
      expect(alive(job)).toEqual([]);
      codes.push(/code (\d+)/.exec(terminal.screen())?.[1] ?? '');
      if (command === 'traced') expect(readReceipt(cli).exit.code).toBe(Number(codes[1]));
    }
    expect(codes[1]).toBe(codes[0]);
  },
);

test.each(cliCases)(
  'P5 $name is ended by SIGTERM in the middle of its screen, and the terminal is in order',
  async (its) => {
    const { cli, terminal, start, pid } = await inShell(bash, its.name, 'tui', answers);
    start();
    await terminal.waitFor(its.terminal.ready, 60_000);
    process.kill(pid(), 'SIGTERM');
    await atPrompt(terminal);
    await expectCooked(terminal, cli);
    expect(terminal.modes).toMatchObject({
      alternateScreen: false,
      mouseTrackingMode: 'none',
      sendFocusMode: false,
    });
    expect(readReceipt(cli).exit).not.toEqual({ code: null, signal: null });
  },
);

test.each(cliCases)(
  'P15 $name ends when the window is closed, and ai-trace with it, its receipt written',
  async (its) => {
    const { cli, terminal, start, pid } = await inShell(bash, its.name, 'tui', answers);
    start();
    await terminal.waitFor(its.terminal.ready, 60_000);
    await terminal.submit('Say hello to me.');
    await terminal.waitFor('First answer.');
    // Gemini sends every five seconds, and not all when its window is gone.
    await expect.poll(() => readForwarded(cli), { timeout: 20_000 }).toContain('user_prompt');
    const job = pid();
    terminal.hangUp();
    await expectEnded(job);
    expect(alive(job)).toEqual([]);
    expect(readReceipt(cli)).toMatchObject({ turns: 1 });
  },
);

test.each(cliCases.filter(({ name }) => name !== 'codex'))(
  '$name follows the size of the window',
  async (its) => {
    const { terminal, start } = await inShell(bash, its.name, 'tui', answers);
    start();
    await terminal.waitFor(its.terminal.ready, 60_000);
    terminal.resize(93, 33);
    // Its rules are as long as the window is wide.
    await terminal.waitFor(/^[─▀▄]{93}$/m);
  },
);

test.each(cliCases)('$name, when ai-trace is killed, leaves the terminal to the shell', async (its) => {
  const { cli, terminal, start, pid } = await inShell(bash, its.name, 'tui', answers);
  start();
  await terminal.waitFor(its.terminal.ready, 60_000);
  const job = pid();
  process.kill(job, 'SIGKILL');
  await expect.poll(() => readProcStat(terminal.pid)?.terminalPgid, { timeout: 20_000 }).toBe(terminal.pid);
  expect(alive(job).map((each) => each.terminalPgid)).not.toContain(job);
  await expectCooked(terminal, cli);
});

/**
 * What the terminal answered to a CLI that has gone is typed into the shell, and what a CLI goes on to paint covers the shell's words:
 * so the line is cleared and asked again, and the answer is in a file.
 */
async function expectCooked(terminal: Terminal, { home }: Rig): Promise<void> {
  const file = join(home, 'modes');
  const ask = () => {
    terminal.type(`\x15stty -a > '${file}'\r`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  await expect.poll(ask, { interval: 1000, timeout: 20_000 }).toMatch(/(?<!-)icanon/);
}

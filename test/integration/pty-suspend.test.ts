/** P1 of the launcher's pitfalls: Ctrl-Z, `fg` and `bg`, whether the CLI stops its whole process group or only itself. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ensurePrograms, programFile } from '../../scripts/debian.mjs';
import { buildWrapper, type Step, standinEnv } from '../fixtures/standin/run.ts';
import {
  expectCode,
  expectState,
  placeOf,
  type Shell,
  shellPackages,
  shells,
  startShell,
  times,
} from '../support/job-control.ts';
import type { Terminal } from '../support/terminal.ts';

const missing = await ensurePrograms(shellPackages);
if (missing !== null) console.warn(`NOT TESTED: job control in real shells (${missing})`);

it.runIf(process.env['CI'] === 'true')('there are shells to test with', () => {
  expect(missing).toBeNull();
});

const wrapper = await buildWrapper();
afterAll(wrapper.remove);

const [bash] = shells;

function shellWith(
  shell: Shell,
  steps: readonly Step[],
  more: Record<string, string> = {},
): Promise<Terminal> {
  const { path, home } = wrapper;
  return startShell(shell, { ...standinEnv(steps), PATH: path, HOME: home, ...more }, home);
}

describe.runIf(missing === null)('P1 Ctrl-Z', () => {
  const kinds = ['group', 'self'] as const;
  const table = shells.flatMap((shell) => kinds.map((kind) => ({ shell, name: shell.name, kind })));

  it.each(table)('$name: the CLI stops its $kind, and goes on with fg, twice', async ({ shell, kind }) => {
    const terminal = await shellWith(shell, [{ keys: kind, exit: 7 }, { say: 'ready' }]);
    terminal.type('run\r');
    await terminal.waitFor('ready');
    for (const round of [1, 2]) {
      terminal.type('\x1a');
      await terminal.waitFor(times(round, shell.stopped));
      terminal.type(`echo prompt-${round}-is-back | tr a-z A-Z\r`);
      await terminal.waitFor(`PROMPT-${round}-IS-BACK`);
      terminal.type('fg\r');
      await terminal.waitFor(times(round, 'resumed'));
      // The keyboard is the CLI's again.
      terminal.type(String(round));
      await terminal.waitFor(`key ${round}`);
    }
    terminal.type('q');
    await expectCode(terminal, shell, 7);
    // Resumed once each time, not by the shell and by us.
    expect(terminal.screen().split('resumed')).toHaveLength(3);
  });

  it.each(table)(
    '$name: the CLI stops its $kind, and bg runs it until it wants the terminal',
    async ({ shell, kind }) => {
      const terminal = await shellWith(shell, [{ keys: kind, exit: 7 }, { say: 'ready' }]);
      terminal.type('run\r');
      await terminal.waitFor('ready');
      terminal.type('\x1a');
      await terminal.waitFor(shell.stopped);
      terminal.type('bg\r');
      // It wants to read keys again: the terminal stops the whole group.
      await terminal.waitFor(times(2, shell.stopped));
      terminal.type('fg\r');
      await terminal.waitFor('resumed');
      terminal.type('q');
      await expectCode(terminal, shell, 7);
    },
  );

  it.each(shells)(
    '$name: the terminal stops the group of a CLI that reads lines, however often it is pressed',
    async (shell) => {
      const terminal = await shellWith(shell, [{ place: true }, { input: true }, { exit: 6 }]);
      terminal.type('run\r');
      const { pid, ppid } = await placeOf(terminal);
      terminal.type('\x1a\x1a');
      await terminal.waitFor(shell.stopped);
      await expectState(ppid, 'T');
      await expectState(pid, 'T');
      terminal.type('fg\r');
      await expectState(pid, 'S');
      terminal.type('a line\r\x04');
      await terminal.waitFor('"a line\\n"');
      await expectCode(terminal, shell, 6);
    },
  );

  it.each(shells)('$name: kill -STOP of the CLI alone gives the prompt back', async (shell) => {
    const terminal = await shellWith(shell, [
      { catch: 'SIGCONT' },
      { catch: 'SIGTERM', exit: 5 },
      { place: true },
      { wait: true },
    ]);
    terminal.type('run\r');
    const { pid, ppid } = await placeOf(terminal);
    process.kill(pid, 'SIGSTOP');
    await terminal.waitFor(shell.stopped);
    await expectState(ppid, 'T');
    terminal.type('fg\r');
    await terminal.waitFor('got SIGCONT');
    process.kill(ppid, 'SIGTERM');
    await terminal.waitFor('cleaned up');
    await expectCode(terminal, shell, 5);
    expect(terminal.screen().split('got SIGCONT')).toHaveLength(2);
  });

  it.each([
    ['the keyboard stopped the group', (terminal: Terminal) => terminal.type('\x1a')],
    ['kill stopped the group', (_: Terminal, _pid: number, group: number) => process.kill(-group, 'SIGTSTP')],
    ['the CLI stopped alone', (_: Terminal, pid: number) => process.kill(pid, 'SIGSTOP')],
  ])('kill -CONT of ai-trace alone resumes the CLI when %s', async (_, stop) => {
    const terminal = await shellWith(bash, [
      { catch: 'SIGCONT' },
      { catch: 'SIGTERM', exit: 5 },
      { place: true },
      { wait: true },
    ]);
    terminal.type('run\r');
    const { pid, ppid } = await placeOf(terminal);
    stop(terminal, pid, ppid);
    await terminal.waitFor('Stopped');
    await expectState(pid, 'T');
    await expectState(ppid, 'T');
    process.kill(ppid, 'SIGCONT');
    await terminal.waitFor('got SIGCONT');
    await expectState(ppid, 'S');
    process.kill(ppid, 'SIGTERM');
    await terminal.waitFor('cleaned up');
  });

  it('a job in the background that wants to read is stopped as a whole, and reads after fg', async () => {
    const terminal = await shellWith(bash, [{ place: true }, { input: true }, { exit: 6 }]);
    terminal.type('run &\r');
    const { pid, ppid } = await placeOf(terminal);
    await expectState(ppid, 'T');
    await expectState(pid, 'T');
    terminal.type('\r');
    await terminal.waitFor('Stopped');
    terminal.type('fg\r');
    await expectState(pid, 'S');
    terminal.type('a line\r\x04');
    await terminal.waitFor('"a line\\n"');
    await expectCode(terminal, bash, 6);
  });

  it('a CLI in the background that is stopped alone is a stopped job, which fg resumes', async () => {
    const terminal = await shellWith(bash, [{ catch: 'SIGCONT', exit: 5 }, { place: true }, { wait: true }]);
    terminal.type('run &\r');
    const { pid, ppid } = await placeOf(terminal);
    process.kill(pid, 'SIGSTOP');
    await expectState(ppid, 'T');
    terminal.type('jobs\r');
    await terminal.waitFor('Stopped');
    terminal.type('fg\r');
    await terminal.waitFor('cleaned up');
    await expectCode(terminal, bash, 5);
  });

  it.each([
    ['self', 'S'],
    ['group', 'T'],
  ])('what the CLI has started runs on when it stops its %s: %s', async (kind, state) => {
    const terminal = await shellWith(bash, [{ orphan: 40 }, { keys: kind, exit: 7 }, { say: 'ready' }]);
    terminal.type('run\r');
    await terminal.waitFor('ready');
    const started = Number(/orphan (\d+)/.exec(terminal.screen())?.[1]);
    try {
      terminal.type('\x1a');
      await terminal.waitFor('Stopped');
      await expectState(started, state);
    } finally {
      process.kill(started, 'SIGKILL');
    }
  });

  it.each(kinds)('as on macOS: the CLI stops its %s, and goes on with fg', async (kind) => {
    const asked = join(wrapper.home, `asked-${kind}`);
    const bin = join(wrapper.home, `bin-${kind}`);
    mkdirSync(bin);
    writeFileSync(join(bin, 'ps'), `#!/bin/sh\necho >> '${asked}'\nexec '${programFile('ps')}' "$@"\n`, {
      mode: 0o755,
    });
    const terminal = await shellWith(bash, [{ keys: kind, exit: 7 }, { say: 'ready' }], {
      WRAPPER_PLATFORM: 'darwin',
      PATH: [bin, wrapper.path].join(delimiter),
    });
    terminal.type('run\r');
    await terminal.waitFor('ready');
    terminal.type('\x1a');
    await terminal.waitFor('Stopped');
    terminal.type('fg\r');
    await terminal.waitFor('resumed');
    for (const key of 'abcdefghijklmnopqrstuvwxyz'.replace('q', '')) {
      terminal.type(key);
      await terminal.waitFor(`key ${key}`);
    }
    terminal.type('q');
    await expectCode(terminal, bash, 7);
    // The end of each `ps` is a SIGCHLD as well; only what happened is asked about.
    expect(readFileSync(asked, 'utf8').length).toBeLessThan(10);
  });
});

/** P7 and P10 to P13 of the launcher's pitfalls, which take the whole program; the CLI is a stand-in. */

import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placeOf, shells, startShell, stateOf } from '../support/job-control.ts';
import { runHeadless } from '../support/run.ts';
import { standin } from '../support/standin-cli.ts';
import { Terminal } from '../support/terminal.ts';
import { aiTrace } from '../support/traced.ts';

type Env = Record<string, string>;
type Step = Readonly<Record<string, string | number | boolean>>;

/** A home with the stand-in as `codex` on PATH and ai-trace behind it. */
async function room(steps: readonly Step[]) {
  const { home, cwd } = await standin('codex');
  const own = join(home, 'own');
  await mkdir(own);
  await symlink(aiTrace, join(own, 'ai-trace'));
  const env: Env = {
    PATH: [join(home, 'bin'), own, '/usr/bin', '/bin', join(process.execPath, '..')].join(delimiter),
    HOME: home,
    TERM: 'xterm-256color',
    XDG_RUNTIME_DIR: join(home, 'run'),
    TMPDIR: join(home, 'tmp'),
    AI_TRACE_FORWARD: 'none',
    AI_TRACE_PRICE_UPDATES: '0',
    STANDIN_DO: JSON.stringify(steps),
  };
  return { home, cwd, env };
}

async function script(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  await chmod(file, 0o755);
}

test("P7 stdout is the CLI's, byte for byte, and stderr is empty where nobody looks at it", async () => {
  const { env, cwd } = await room([{ say: '{"type":"a"}' }, { say: '{"type":"b"}' }, { exit: 3 }]);
  const result = await runHeadless(['ai-trace', 'codex', 'exec', '--json', 'x'], { env, cwd });
  expect(result).toMatchObject({ code: 3, stderr: '' });
  expect(result.stdout.toString()).toBe('{"type":"a"}\n{"type":"b"}\n');
});

test('P7 with stdout in a pipe the receipt is on the terminal alone, and --quiet leaves nothing', async () => {
  const { env, cwd } = await room([{ say: '{"type":"a"}' }]);
  for (const [own, receipts] of [
    ['', 1],
    ['--quiet', 0],
  ] as const) {
    const terminal = new Terminal(['bash', '-c', `ai-trace ${own} codex exec x | wc -c`], { env, cwd });
    onTestFinished(() => terminal.close());
    await terminal.exit;
    expect(terminal.screen()).toMatch(/^13$/m);
    expect(terminal.screen().split('ai-trace  ')).toHaveLength(receipts + 1);
  }
});

test.each([
  ['an alias', "shopt -s expand_aliases\nalias codex='ai-trace codex'\ncodex one two"],
  ['a function', 'codex() { ai-trace codex "$@"; }\ncodex one two'],
  ['a link of that name', 'PATH="$HOME/link:$PATH"\ncodex one two'],
  ['a script of that name', 'PATH="$HOME/script:$PATH"\ncodex one two'],
])('P10 behind %s the CLI is found and runs once', async (_, lines) => {
  const { env, cwd, home } = await room([{ argv: true }, { exit: 4 }]);
  for (const folder of ['link', 'script']) await mkdir(join(home, folder));
  await symlink(aiTrace, join(home, 'link', 'codex'));
  await script(join(home, 'script', 'codex'), '#!/bin/sh\nexec ai-trace codex "$@"\n');
  const { code, stdout, stderr } = await runHeadless(['bash', '-c', lines], { env, cwd });
  expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
  const words = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(words).toHaveLength(1);
  expect(words[0].slice(-2)).toEqual(['one', 'two']);
});

test("P11 words behind the name are the CLI's, whatever they look like", async () => {
  const words = ['--quiet', '--forward', 'none', '--', '--version', '', '-h'];
  const { env, cwd } = await room([{ argv: true }]);
  const { stdout } = await runHeadless(['ai-trace', 'codex', ...words], { env, cwd });
  expect(JSON.parse(stdout.toString()).slice(-words.length)).toEqual(words);
});

test.each([
  ['traced', {}],
  ['not traced', { AI_TRACE_DISABLE: '1' }],
])('P12 ai-trace stays above the CLI: %s', async (_, more) => {
  const { env, cwd } = await room([{ place: true }, { keys: 'self', exit: 7 }, { say: 'ready' }]);
  const [bash] = shells;
  const terminal = await startShell(bash, { ...env, ...more }, cwd);
  terminal.type('ai-trace codex\r');
  await terminal.waitFor('ready');
  const { ppid, pgid, foreground } = await placeOf(terminal);
  expect([pgid, foreground]).toEqual([ppid, ppid]);
  terminal.type('\x1a');
  await terminal.waitFor(bash.stopped);
  expect(stateOf(ppid)).toBe('T');
  terminal.type('fg\r');
  await terminal.waitFor('resumed');
  terminal.type('q');
  await terminal.waitFor(/resumed[\s\S]*prompt>$/);
  terminal.type('echo "code $?"\r');
  await terminal.waitFor('code 7');
});

test("P13 no shell is started, and nobody's start files are read", async () => {
  const { env, cwd, home } = await room([{ exit: 0 }]);
  const trap = join(home, 'trap');
  await script(trap, `#!/bin/sh\ntouch '${home}/sprung'\nexec /bin/sh "$@"\n`);
  const rest = { SHELL: trap, BASH_ENV: trap, ENV: trap, ZDOTDIR: home };
  for (const name of ['.bashrc', '.profile', '.zshenv'])
    await script(join(home, name), `touch '${home}/sprung'\n`);
  const { code } = await runHeadless(['ai-trace', 'codex'], { env: { ...env, ...rest }, cwd });
  expect(code).toBe(0);
  expect(existsSync(join(home, 'sprung'))).toBe(false);
});

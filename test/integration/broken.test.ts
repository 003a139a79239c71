/** Whatever of ours is broken, the CLI runs, ends as it would, and at most one line is told. On copies of the built program. */
import { chmod, cp, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RunResult, runHeadless } from '../support/run.ts';
import { fixture } from '../support/standin-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const chunks = await readdir(join(root, 'dist', 'chunks'));

interface Copy {
  home: string;
  main: string;
  chunks: string;
  run(
    words: readonly string[],
    options?: { env?: Record<string, string | undefined>; cwd?: string },
  ): Promise<RunResult>;
}

/** A copy of the program, and a Codex that tells whether it is traced and ends with 7. */
async function copied(): Promise<Copy> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'ai-trace-broken-')));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const copy = join(home, 'copy');
  const bin = join(home, 'bin');
  for (const folder of ['bin', 'dist']) await cp(join(root, folder), join(copy, folder), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await mkdir(bin);
  const script =
    'if [ "$1" = -c ]; then echo traced; else echo "plain $*"; fi; kill -$STANDIN_SIGNAL $$; exit 7';
  await writeFile(join(bin, 'codex'), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, 'codex'), 0o755);
  const usual = {
    PATH: [bin, '/usr/bin', '/bin'].join(delimiter),
    HOME: home,
    XDG_RUNTIME_DIR: home,
    // Where HOME says nothing, the home of whoever runs the tests must not be touched.
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    CODEX_HOME: join(home, '.codex'),
    AI_TRACE_FORWARD: 'none',
    AI_TRACE_PRICE_UPDATES: '0',
    // Kills nothing: the shell asks itself whether it is there.
    STANDIN_SIGNAL: '0',
  };
  return {
    home,
    main: join(copy, 'dist', 'main.cjs'),
    chunks: join(copy, 'dist', 'chunks'),
    run: (words, { env = {}, cwd = home } = {}) => {
      const all = Object.entries({ ...usual, ...env }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const command = [process.execPath, join(copy, 'bin', 'ai-trace.js'), ...words];
      return runHeadless(command, { env: Object.fromEntries(all), cwd });
    },
  };
}

const plain = 'plain exec hello\n';
const traced = 'traced\n';

/** What the CLI printed, how it ended, and the line of ours, if any. */
function expectCli({ code, stdout, stderr }: RunResult, said: string, line: RegExp | null): void {
  expect({ code, said: stdout.toString() }, stderr).toEqual({ code: 7, said });
  if (line === null) expect(stderr).toBe('');
  else expect(stderr).toMatch(line);
  expect(stderr.split('\n').length).toBeLessThanOrEqual(2);
}

describe('the installation', () => {
  test.each(chunks.filter((name) => name.endsWith('.cjs')))('without %s', async (name) => {
    const copy = await copied();
    await rm(join(copy.chunks, name));
    const { code, stderr } = await copy.run(['--tag', 'a=b', 'codex', 'exec', 'hello']);
    expect(code).toBe(7);
    expect(stderr).toMatch(/^(|ai-trace: this session is not traced: ENOENT: no such file .*\n)$/);
  });

  test('with a chunk that fails', async () => {
    const copy = await copied();
    await writeFile(join(copy.chunks, 'own-options.cjs'), 'throw new Error("made to fail")');
    const result = await copy.run(['--tag', 'a=b', 'codex', 'exec', 'hello']);
    expectCli(result, plain, /^ai-trace: this session is not traced: made to fail\n$/);
  });

  test('with a chunk that fails while the CLI runs', async () => {
    const copy = await copied();
    await writeFile(join(copy.chunks, 'session.cjs'), 'throw new Error("made to fail")');
    expectCli(await copy.run(['codex', 'exec', 'hello']), traced, /not traced: made to fail\n$/);
  });

  test('without any chunk, and says nothing when it is to be quiet', async () => {
    const copy = await copied();
    await rm(copy.chunks, { recursive: true });
    expectCli(await copy.run(['codex', 'exec', 'hello']), traced, /^ai-trace: .*installation is broken/);
    expectCli(await copy.run(['codex', 'exec', 'hello'], { env: { AI_TRACE_QUIET: '1' } }), traced, null);
  });

  test('the signal that ends the CLI is passed on', async () => {
    const copy = await copied();
    await rm(copy.chunks, { recursive: true });
    const result = await copy.run(['codex'], { env: { STANDIN_SIGNAL: 'KILL' } });
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});

describe('without what starts a session', () => {
  const told =
    /^ai-trace: this session is not traced: its installation is broken \(.*\)\. Install it again\.\n$/;

  async function broken(text?: string): Promise<Copy> {
    const copy = await copied();
    if (text === undefined) await rm(copy.main);
    else await writeFile(copy.main, text);
    return copy;
  }

  test.each([
    { what: 'it is not there', text: undefined },
    { what: 'it is cut off', text: '"use strict";var a={' },
    { what: 'it fails as it loads', text: 'throw new Error("made to fail")' },
    { what: 'it is of another version', text: 'exports.start = () => {}' },
  ])('$what: the CLI runs plainly', async ({ text }) => {
    const copy = await broken(text);
    expectCli(await copy.run(['--tag', 'a=b', 'codex', 'exec', 'hello']), plain, told);
  });

  test.each([
    { what: 'by a flag', words: ['-q'], env: {} },
    { what: 'by the variable', words: [], env: { AI_TRACE_QUIET: '1' } },
    { what: 'switched off', words: [], env: { AI_TRACE_DISABLE: 'yes' } },
  ])('nothing is said when it is to be quiet, $what', async ({ words, env }) => {
    const copy = await broken();
    expectCli(await copy.run([...words, 'codex', 'exec', 'hello'], { env }), plain, null);
  });

  test('the signal that ends the CLI is passed on', async () => {
    const copy = await broken();
    const result = await copy.run(['codex'], { env: { STANDIN_SIGNAL: 'TERM' } });
    expect(result).toMatchObject({ code: null, signal: 'SIGTERM' });
  });

  test('neither a link to ai-trace nor a script that calls it is taken for the CLI', async () => {
    const copy = await broken();
    const first = join(copy.home, 'first');
    const second = join(copy.home, 'second');
    for (const folder of [first, second]) await mkdir(folder);
    const program = join(copy.home, 'copy', 'bin', 'ai-trace.js');
    await symlink(program, join(first, 'codex'));
    await writeFile(join(second, 'codex'), `#!/bin/sh\n'${process.execPath}' '${program}' -q codex "$@"\n`);
    await chmod(join(second, 'codex'), 0o755);
    const PATH = [first, second, join(copy.home, 'bin'), '/usr/bin', '/bin'].join(delimiter);
    expectCli(await copy.run(['codex', 'exec', 'hello'], { env: { PATH } }), plain, told);
    const { code, stderr } = await copy.run(['codex'], {
      env: { PATH: [first, second, '/bin'].join(delimiter) },
    });
    expect({ code, stderr }).toEqual({
      code: 127,
      stderr: expect.stringContaining('there is no codex on PATH'),
    });
  });

  test('started by a link that is named like the CLI, it starts that', async () => {
    const copy = await broken();
    const link = join(copy.home, 'codex');
    await symlink(join(copy.home, 'copy', 'bin', 'ai-trace.js'), link);
    const env = { PATH: [join(copy.home, 'bin'), '/usr/bin', '/bin'].join(delimiter), STANDIN_SIGNAL: '0' };
    const result = await runHeadless([process.execPath, link, 'exec', 'hello'], { env, cwd: copy.home });
    expectCli(result, plain, told);
  });

  test('without a CLI to start, what is broken is told', async () => {
    const copy = await broken();
    const { code, stderr } = await copy.run(['config']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ai-trace: its installation is broken \(.*\)\. Install it again\.\n$/);
  });
});

describe('the machine', () => {
  test.each([
    { what: 'no HOME', env: { HOME: undefined } },
    { what: 'an empty HOME', env: { HOME: '' } },
    { what: 'a HOME that is not there', env: { HOME: '/nonexistent/home' } },
    { what: 'a HOME that is a file', env: { HOME: '/dev/null' } },
    { what: 'a state folder that is a device', env: { XDG_STATE_HOME: '/dev/full' } },
    { what: 'a configuration folder that is a file', env: { XDG_CONFIG_HOME: '/dev/null' } },
    { what: 'a runtime folder that is a file', env: { XDG_RUNTIME_DIR: '/dev/null' } },
    { what: 'a temporary folder that is not there', env: { TMPDIR: '/nonexistent' } },
  ])('with $what', async ({ env }) => {
    const copy = await copied();
    expectCli(await copy.run(['codex', 'exec', 'hello'], { env }), traced, null);
  });

  test('without Node on PATH', async () => {
    const copy = await copied();
    expectCli(await copy.run(['codex'], { env: { PATH: join(copy.home, 'bin') } }), traced, null);
  });

  test('without a port to listen on', async () => {
    const copy = await copied();
    const env = { NODE_OPTIONS: `--require ${fixture('no-listen.cjs')}` };
    expectCli(await copy.run(['codex', 'exec', 'hello'], { env }), plain, /^ai-trace: cannot listen .*\n$/);
  });

  test('with the working directory gone', async () => {
    const copy = await copied();
    const gone = join(copy.home, 'gone');
    await mkdir(gone);
    const { PATH, HOME } = { PATH: join(copy.home, 'bin'), HOME: copy.home };
    const script = 'rmdir "$PWD"; exec "$@" 2>&1';
    const command = [
      process.execPath,
      join(copy.home, 'copy', 'bin', 'ai-trace.js'),
      'codex',
      'exec',
      'hello',
    ];
    const result = await runHeadless(['/bin/sh', '-c', script, 'sh', ...command], {
      env: { PATH: `${PATH}:/usr/bin:/bin`, HOME },
      cwd: gone,
    });
    expect(result.code).toBe(7);
    expect(result.stdout.toString()).toMatch(
      /^ai-trace: this session is not traced: .*cwd.*\n(.*\n)?plain exec hello\n/,
    );
  });
});

describe('switched off', () => {
  test.each([
    { what: 'by the flag', words: ['--disable'], env: {} },
    { what: 'by the variable', words: [], env: { AI_TRACE_DISABLE: 'yes' } },
    { what: 'while other options are wrong', words: ['--disable'], env: { AI_TRACE_SUMMARY: 'often' } },
    {
      what: 'while no listener can be had',
      words: ['--disable'],
      env: { NODE_OPTIONS: `--require ${fixture('no-listen.cjs')}` },
    },
  ])('$what it runs the CLI untouched and leaves nothing', async ({ words, env }) => {
    const copy = await copied();
    const before = await readdir(copy.home);
    expectCli(await copy.run([...words, 'codex', 'exec', 'hello'], { env }), plain, null);
    expect(await readdir(copy.home)).toEqual(before);
  });

  test('in the configuration it does so too, by the configured program', async () => {
    const copy = await copied();
    const config = join(copy.home, 'config', 'ai-trace');
    await mkdir(config, { recursive: true });
    const commands = `[commands]\ncodex = ["${join(copy.home, 'bin', 'codex')}", "first"]\n`;
    const away = { PATH: '/usr/bin:/bin' };
    await writeFile(join(config, 'config.toml'), `disable = true\n${commands}`);
    expectCli(await copy.run(['codex', 'exec'], { env: away }), 'plain first exec\n', null);
    await writeFile(join(config, 'config.toml'), `summary = "often"\n${commands}`);
    expectCli(await copy.run(['--disable', 'codex', 'exec'], { env: away }), 'plain first exec\n', null);
  });

  test('a word that is no switch is told', async () => {
    const copy = await copied();
    const { code, stderr } = await copy.run(['codex'], { env: { AI_TRACE_DISABLE: 'maybe' } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ai-trace: AI_TRACE_DISABLE: disable = 'maybe' is not valid/);
  });
});

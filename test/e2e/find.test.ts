/** What is started for a CLI's name, in the shapes in which CLIs and ai-trace itself stand on PATH. Stand-ins take the CLIs' place. */
import { chmod, cp, link, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run as start } from '../fixtures/standin/run.ts';
import { type RunOptions, type RunResult, runHeadless } from '../support/run.ts';
import { createSandbox } from '../support/sandbox.ts';
import { fixture } from '../support/standin-cli.ts';
import { aiTrace } from '../support/traced.ts';

const quiet = { AI_TRACE_FORWARD: 'none', AI_TRACE_SUMMARY: 'never', AI_TRACE_PRICE_UPDATES: '0' };

interface Place {
  home: string;
  /** Writes an executable text. */
  script(path: string, text: string): Promise<string>;
  /** The stand-in, which tells its name and its words and ends with 7. */
  standin(path: string, name?: string): Promise<string>;
  /** Runs with these folders of the home before those of the system on PATH. */
  run(
    command: readonly string[],
    folders?: readonly string[],
    env?: Record<string, string>,
  ): Promise<RunResult>;
  options(folders?: readonly string[], env?: Record<string, string>): RunOptions;
}

async function place(): Promise<Place> {
  const { home, cwd, remove } = await createSandbox();
  onTestFinished(remove);
  const script = async (path: string, text: string) => {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o755 });
    return file;
  };
  const options = (folders: readonly string[] = ['bin'], env = {}) => ({
    cwd,
    env: {
      ...quiet,
      HOME: home,
      XDG_RUNTIME_DIR: join(home, 'run'),
      PATH: [...folders.map((each) => join(home, each)), dirname(process.execPath), '/usr/bin', '/bin'].join(
        delimiter,
      ),
      ...env,
    },
  });
  return {
    home,
    script,
    standin: (path, name = 'the CLI') => script(path, `#!/bin/sh\necho "${name}:" "$@"\nexit 7\n`),
    options,
    run: async (command, folders, env) => {
      const result = await runHeadless(command, { ...options(folders, env), timeoutMs: 30_000 });
      expect(result.timedOut, result.stderr).toBe(false);
      return result;
    },
  };
}

/** All that is needed of ai-trace, with this file as its program. */
async function copyOf(file: string): Promise<void> {
  const [from, to] = [dirname(dirname(aiTrace)), dirname(dirname(file))];
  await cp(join(from, 'dist'), join(to, 'dist'), { recursive: true });
  await cp(join(from, 'bin'), dirname(file), { recursive: true });
  await rename(join(dirname(file), 'ai-trace.js'), file);
}

const node = process.execPath;
const words = ['say', 'a b', ''];
/** The words that the stand-in was given behind those that ai-trace puts before them. */
const told = ({ stdout }: RunResult) => stdout.toString().replace(/ -c \S+/g, '');

describe('ai-trace under the name of a CLI', () => {
  test('works as if its own name stood before it', async () => {
    const { home, standin, run } = await place();
    await standin('real/codex');
    await mkdir(join(home, 'bin'));
    await symlink(aiTrace, join(home, 'bin/codex'));
    const result = await run([join(home, 'bin/codex'), ...words], ['bin', 'real']);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(7);
    expect(told(result)).toBe('the CLI: say a b \n');
  });

  test.each([
    { shape: 'a link', make: (file: string) => symlink(aiTrace, file) },
    { shape: 'a hard link', make: (file: string) => link(aiTrace, file) },
    { shape: 'a copy of the whole under another name', make: copyOf },
  ])('is passed over as $shape', async ({ make }) => {
    const { home, standin, run } = await place();
    await standin('real/codex');
    await mkdir(join(home, 'bin'));
    await make(join(home, 'bin/codex'));
    const result = await run([node, aiTrace, 'codex', ...words], ['bin', 'real']);
    expect(result).toMatchObject({ stderr: '', code: 7 });
    expect(told(result)).toBe('the CLI: say a b \n');
  });

  test('is passed over when it is installed twice, each under the other’s nose', async () => {
    const { home, standin, run } = await place();
    await standin('real/codex');
    for (const folder of ['one', 'two', 'other/bin']) await mkdir(join(home, folder), { recursive: true });
    await copyOf(join(home, 'other/bin/ai-trace.js'));
    await symlink(aiTrace, join(home, 'one/codex'));
    await symlink(join(home, 'other/bin/ai-trace.js'), join(home, 'two/codex'));
    const result = await run([join(home, 'one/codex'), ...words], ['one', 'two', 'real']);
    expect(result).toMatchObject({ stderr: '', code: 7 });
    expect(told(result)).toBe('the CLI: say a b \n');
  });
});

describe('a script that calls ai-trace, on PATH under the name of the CLI', () => {
  const shims = {
    'waits for it': 'ai-trace codex "$@"\n',
    'becomes it': 'exec ai-trace codex "$@"\n',
    'waits in a pipe': 'ai-trace codex "$@" | cat\nexit 7\n',
  };

  test.each(Object.entries(shims))('%s, and is not called again', async (_, shim) => {
    const { home, script, standin, run } = await place();
    await standin('real/codex');
    await script('bin/codex', `#!/bin/sh\n${shim}`);
    await symlink(aiTrace, join(home, 'bin/ai-trace'));
    for (const command of [
      ['codex', ...words],
      ['ai-trace', 'codex', ...words],
    ]) {
      const result = await run([join(home, 'bin', command[0] ?? ''), ...command.slice(1)], ['bin', 'real']);
      expect(result).toMatchObject({ stderr: '', code: 7 });
      expect(told(result)).toBe('the CLI: say a b \n');
    }
  });

  test('traces once', async () => {
    const { home, script, standin, run } = await place();
    await standin('real/codex');
    await script('bin/codex', '#!/bin/sh\nexec ai-trace codex "$@"\n');
    await symlink(aiTrace, join(home, 'bin/ai-trace'));
    const { stdout } = await run([join(home, 'bin/ai-trace'), 'codex', 'x'], ['bin', 'real']);
    expect(stdout.toString().match(/otel\.exporter=/g)).toHaveLength(1);
  });

  test('is told when there is no CLI behind it', async () => {
    const { home, script, run } = await place();
    const shim = await script('bin/codex', '#!/bin/sh\nexec ai-trace codex "$@"\n');
    await symlink(aiTrace, join(home, 'bin/ai-trace'));
    const { code, stderr } = await run([shim]);
    expect(code).toBe(127);
    expect(stderr).toBe(
      `ai-trace: ${shim} leads back to ai-trace, and there is no other 'codex' on PATH.\nInstall Codex CLI with: npm install -g @openai/codex\n`,
    );
  });

  test('ends when it goes round in a way that cannot be seen', async () => {
    const { home, script, run } = await place();
    const shim = await script('bin/codex', '#!/bin/sh\nsh "$(dirname "$0")/inner" "$@"; exit $?\n');
    await script('bin/inner', 'ai-trace codex "$@"; exit $?\n');
    await symlink(aiTrace, join(home, 'bin/ai-trace'));
    const { code, stderr } = await run([shim]);
    expect(code).toBe(126);
    expect(stderr).toContain(`${shim} starts ai-trace again and again`);
  });
});

/** Shims of version managers, in the shapes their documentations show. */
describe('the shim of', () => {
  const steps = (list: object[]) => ({ STANDIN_DO: JSON.stringify(list) });
  /** The stand-in as a package of its own. */
  const cli = (script: Place['script'], path: string) =>
    script(path, `#!/bin/sh\nexec '${node}' '${fixture('cli.mjs')}' "$@"\n`);

  const managers: Record<string, { folders: string[]; install(at: Place): Promise<unknown> }> = {
    // One program for all; which tool it is to run is in its name.
    volta: {
      folders: ['.volta/bin'],
      install: async ({ home, script }) => {
        await cli(script, '.volta/tools/image/packages/codex/bin/codex');
        const shim = await script(
          '.volta/bin/volta-shim',
          '#!/bin/sh\nexec "$HOME/.volta/tools/image/packages/$(basename "$0")/bin/$(basename "$0")" "$@"\n',
        );
        await symlink(shim, join(home, '.volta/bin/codex'));
      },
    },
    mise: {
      folders: ['.local/share/mise/shims', 'bin'],
      install: async ({ home, script }) => {
        await cli(script, '.local/share/mise/installs/codex/1.2.3/bin/codex');
        const mise = await script(
          'bin/mise',
          '#!/bin/sh\nexec "$HOME/.local/share/mise/installs/$(basename "$0")/1.2.3/bin/$(basename "$0")" "$@"\n',
        );
        await mkdir(join(home, '.local/share/mise/shims'), { recursive: true });
        await symlink(mise, join(home, '.local/share/mise/shims/codex'));
      },
    },
    asdf: {
      folders: ['.asdf/shims', '.asdf/bin'],
      install: async ({ script }) => {
        await cli(script, '.asdf/installs/nodejs/20.0.0/bin/codex');
        await script(
          '.asdf/bin/asdf',
          '#!/bin/bash\nshift; name=$1; shift\nexec "$HOME/.asdf/installs/nodejs/20.0.0/bin/$name" "$@"\n',
        );
        await script(
          '.asdf/shims/codex',
          '#!/usr/bin/env bash\n# asdf-plugin: nodejs 20.0.0\nexec asdf exec "codex" "$@" # asdf_allow: \' asdf \'\n',
        );
      },
    },
    // A shell function puts one folder on PATH; what is there are npm's links.
    nvm: {
      folders: ['.nvm/versions/node/v20.0.0/bin'],
      install: async ({ home, script }) => {
        const bin = '.nvm/versions/node/v20.0.0/lib/node_modules/@openai/codex/bin/codex.js';
        const program = await cli(script, bin);
        await mkdir(join(home, '.nvm/versions/node/v20.0.0/bin'), { recursive: true });
        await symlink(program, join(home, '.nvm/versions/node/v20.0.0/bin/codex'));
      },
    },
    pnpm: {
      folders: ['pnpm'],
      install: async ({ script }) => {
        await cli(script, 'pnpm/global/5/node_modules/@openai/codex/bin/codex.js');
        await script(
          'pnpm/codex',
          '#!/bin/sh\nbasedir=$(dirname "$0")\nexec "$basedir/global/5/node_modules/@openai/codex/bin/codex.js" "$@"\n',
        );
      },
    },
  };

  describe.each(Object.entries(managers))('%s', (_, { folders, install }) => {
    test('passes words and the exit code on', async () => {
      const at = await place();
      await install(at);
      const result = await at.run(
        [node, aiTrace, 'codex', ...words],
        folders,
        steps([{ argv: true }, { exit: 7 }]),
      );
      expect(result).toMatchObject({ stderr: '', code: 7 });
      expect(JSON.parse(result.stdout.toString()).slice(-3)).toEqual(words);
    });

    test('passes a signal on, and dies of it', async () => {
      const at = await place();
      await install(at);
      const env = steps([{ catch: 'SIGTERM', exit: 9 }, { say: 'ready' }, { wait: true }]);
      const running = start(node, [aiTrace, 'codex'], at.options(folders, env).env);
      await running.said('ready');
      running.child.kill('SIGTERM');
      expect(await running.ended).toMatchObject({
        code: 9,
        signal: null,
        stdout: expect.stringMatching(/^ready\ngot SIGTERM\n(?!got)/),
      });
    });
  });
});

describe('a configured command', () => {
  const configure = async ({ script }: Place, command: string) =>
    script('.config/ai-trace/config.toml', `[commands]\ncodex = ${command}\n`);

  test('may be a program with words before the user’s own', async () => {
    const at = await place();
    await at.standin('tools/runner', 'runner');
    await configure(at, `["${join(at.home, 'tools/runner')}", "-y", "@openai/codex"]`);
    const result = await at.run([node, aiTrace, 'codex', ...words]);
    expect(result).toMatchObject({ stderr: '', code: 7 });
    expect(told(result)).toBe('runner: -y @openai/codex say a b \n');
  });

  test('may be npx with a package of the project', async () => {
    const at = await place();
    await configure(at, '["npx", "--no", "--", "codex"]');
    await at.script('project/package.json', '{"name":"p","version":"1.0.0"}');
    await at.standin('project/node_modules/.bin/codex');
    const result = await at.run([node, aiTrace, 'codex', ...words]);
    expect(result.code, result.stderr).toBe(7);
    expect(told(result)).toBe('the CLI: say a b \n');
  });

  test.each([
    ['5', '5'],
    ['""', ''],
    ['[]', 'a table or an array'],
    ['["npx", 5]', 'a table or an array'],
  ])('is told when it is none: %s', async (command, shown) => {
    const at = await place();
    const file = await configure(at, command);
    const { code, stderr } = await at.run([node, aiTrace, 'codex']);
    expect(code).toBe(2);
    expect(stderr).toContain(`ai-trace: ${file}: commands.codex = '${shown}' is not valid`);
  });
});

describe('what is not to be started', () => {
  const install = 'npm install -g @openai/codex\n';

  test('is not there', async () => {
    const { run } = await place();
    expect(await run([node, aiTrace, 'codex'])).toMatchObject({
      code: 127,
      stderr: `ai-trace: Codex CLI is not installed: no 'codex' on PATH.\nInstall it with: ${install}`,
    });
  });

  test('is a link to nothing', async () => {
    const { home, run } = await place();
    await mkdir(join(home, 'bin'));
    await symlink(join(home, 'gone'), join(home, 'bin/codex'));
    expect(await run([node, aiTrace, 'codex'])).toMatchObject({
      code: 127,
      stderr: `ai-trace: ${home}/bin/codex is a link to a file that is gone.\nInstall Codex CLI again with: ${install}`,
    });
  });

  test('may not be executed', async () => {
    const { home, standin, run } = await place();
    await chmod(await standin('bin/codex'), 0o644);
    expect(await run([node, aiTrace, 'codex'])).toMatchObject({
      code: 126,
      stderr: `ai-trace: ${home}/bin/codex is not executable.\nMake it so with: chmod +x ${home}/bin/codex\n`,
    });
  });

  test('is a folder, where it is named itself', async () => {
    const { home, script, run } = await place();
    await script('.config/ai-trace/config.toml', `[commands]\ncodex = "${home}/project"\n`);
    expect(await run([node, aiTrace, 'codex'])).toMatchObject({
      code: 126,
      stderr: `ai-trace: ${home}/project is a directory, not a program.\n`,
    });
  });

  test.runIf(process.platform === 'linux')('is for another processor', async () => {
    const { home, run } = await place();
    const machine = process.arch === 'x64' ? 183 : 62;
    const header = Buffer.alloc(64);
    header.write('\x7fELF\x02\x01\x01', 'latin1');
    header.writeUInt16LE(2, 16);
    header.writeUInt16LE(machine, 18);
    await mkdir(join(home, 'bin'));
    await writeFile(join(home, 'bin/codex'), header, { mode: 0o755 });
    const { code, stderr } = await run([node, aiTrace, 'codex']);
    expect(code).toBe(126);
    // Unless this machine has an emulator for it.
    expect(stderr).toMatch(/codex (is a program for another processor|could not be started)/);
  });

  test('has an interpreter that is not there', async () => {
    const { home, script, run } = await place();
    await script('bin/codex', '#!/nowhere/interpreter\n');
    expect(await run([node, aiTrace, 'codex'])).toMatchObject({
      code: 127,
      stderr: `ai-trace: ${home}/bin/codex could not be started: its interpreter was not found\n`,
    });
  });
});

test('a script without a first line for the kernel is for the shell, as in a shell', async () => {
  const { script, run } = await place();
  await script('bin/codex', 'echo "by a shell:" "$@"\nexit 7\n');
  const result = await run([node, aiTrace, 'codex', ...words]);
  expect(result).toMatchObject({ stderr: '', code: 7 });
  expect(told(result)).toBe('by a shell: say a b \n');
});

test('a CLI that is too old to be traced runs untraced, and is told', async () => {
  const { home, standin, script, run } = await place();
  await script('lib/node_modules/@openai/codex/package.json', '{"name":"@openai/codex","version":"0.42.0"}');
  const program = await standin('lib/node_modules/@openai/codex/bin/codex.js');
  await mkdir(join(home, 'bin'));
  await symlink(program, join(home, 'bin/codex'));
  const { code, stdout, stderr } = await run([node, aiTrace, 'codex', ...words]);
  expect(code).toBe(7);
  expect(stdout.toString()).toBe('the CLI: say a b \n');
  expect(stderr).toBe(
    'ai-trace: Codex CLI 0.42.0 is too old to be traced: 0.63.0 is needed. It runs untraced.\nUpdate it with: npm install -g @openai/codex\n',
  );
});

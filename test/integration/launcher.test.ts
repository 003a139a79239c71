import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildWrapper, cli, type Ended, relay, run, type Step, standinEnv } from '../fixtures/standin/run.ts';

const node = process.execPath;
const { wrapper, remove } = await buildWrapper();
afterAll(remove);

const wrap = (steps: Step[], { args = [] as string[], env = {} } = {}) =>
  run(node, [wrapper, node, cli, ...args], standinEnv(steps, env));

describe('the exit status', () => {
  it.each([0, 3, 127, 255])('passes on exit code %i', async (code) => {
    expect(await wrap([{ exit: code }]).ended).toMatchObject({ code, signal: null });
  });

  // SIGPIPE is ignored by Node and SIGUSR1 opens its debugger, unless the default action is restored.
  it.each(['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP', 'SIGABRT', 'SIGPIPE', 'SIGUSR1'])(
    'dies of %s when the CLI did',
    async (signal) => {
      // A shell as the CLI: unlike Node it leaves every signal its default action.
      const script = `kill -${signal.slice(3)} $$`;
      const { ended } = run(node, [wrapper, '/bin/sh', '-c', script], standinEnv([]));
      expect(await ended).toMatchObject({ code: null, signal });
    },
  );

  it('writes everything out before it leaves', async () => {
    const running = wrap([{ exit: 4 }], { env: { WRAPPER_SAY: 'x'.repeat(120_000) } });
    const { code, stderr } = await running.ended;
    expect([code, stderr.length]).toEqual([4, 120_000]);
  });
});

describe('arguments', () => {
  it('reach the CLI verbatim', async () => {
    const args = ['--', '', '--version', '-q', 'a b', '$HOME "quoted" \\', '--', "it's", 'ünï', ''];
    const { stdout } = await wrap([{ argv: true }], { args }).ended;
    expect(JSON.parse(stdout)).toEqual(args);
  });
});

describe('signals sent to ai-trace alone', () => {
  const catching = (signal: string): Step[] => [{ catch: signal, exit: 7 }, { say: 'ready' }, { wait: true }];

  // SIGINT is among them only because there is no terminal that could have sent it to the CLI too.
  it.each(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2'] as const)(
    'passes %s on once and waits for the CLI to clean up',
    async (signal) => {
      const running = wrap(catching(signal));
      await running.said('ready');
      running.child.kill(signal);
      expect(await running.ended).toEqual({
        code: 7,
        signal: null,
        stdout: `ready\ngot ${signal}\ncleaned up\n`,
        stderr: '',
      });
    },
  );

  it('passes SIGUSR1 on without opening a debugger of its own', async () => {
    const running = run(
      node,
      [wrapper, '/bin/sh', '-c', 'trap "exit 9" USR1; echo ready; for i in $(seq 400); do sleep 0.05; done'],
      standinEnv([]),
    );
    await running.said('ready');
    running.child.kill('SIGUSR1');
    expect(await running.ended).toMatchObject({ code: 9, stderr: '' });
  });

  it('reaches the second process of a CLI that swallows signals, when told to', async () => {
    const env = standinEnv(catching('SIGTERM'), { WRAPPER_SIGNAL_TREE: '1' });
    const running = run(node, [wrapper, node, relay], env);
    await running.said('ready');
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 7, stdout: 'ready\ngot SIGTERM\ncleaned up\n' });
  });
});

describe('a CLI that cannot be started', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ai-trace-launch-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const resultOf = ({ code, stderr }: Ended) => [code, JSON.parse(stderr)];

  it('is not found', async () => {
    const { ended } = run(node, [wrapper, join(directory, 'absent')], standinEnv([]));
    expect(resultOf(await ended)).toEqual([99, { kind: 'not_found' }]);
  });

  it('is not executable', async () => {
    const file = join(directory, 'plain');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o644);
    const { ended } = run(node, [wrapper, file], standinEnv([]));
    expect(resultOf(await ended)).toEqual([99, { kind: 'not_executable' }]);
  });

  it('fails with the error code of the system', async () => {
    const { ended } = run(node, [wrapper, join(directory, 'x'.repeat(300))], standinEnv([]));
    expect(resultOf(await ended)).toEqual([99, { kind: 'failed', reason: 'ENAMETOOLONG' }]);
  });
});

describe.runIf(process.platform === 'linux')('leftovers', () => {
  const env = { WRAPPER_LEFTOVERS: '1' };

  it('are told when the CLI left a process behind', async () => {
    const running = wrap([{ orphan: 30 }], { env });
    const { code, stdout, stderr } = await running.ended;
    const orphan = Number(/orphan (\d+)/.exec(stdout)?.[1]);
    process.kill(orphan, 'SIGKILL');
    expect([code, stderr]).toEqual([0, 'leftovers true\n']);
  });

  it('are none when only the rest of a pipeline still runs', async () => {
    const pipeline = '"$0" "$@" | { cat; sleep 0.2; }';
    const { ended } = run(
      '/bin/bash',
      ['-o', 'pipefail', '-c', pipeline, node, wrapper, node, cli],
      standinEnv([{ say: 'done' }, { exit: 6 }], env),
    );
    expect(await ended).toMatchObject({ code: 6, stdout: 'done\n', stderr: 'leftovers false\n' });
  });
});

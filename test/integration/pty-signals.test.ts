/** P2, P3, P4, P14 and P15 of the launcher's pitfalls: signals from the keyboard, from `kill` and from a closed window. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildWrapper, cli, relay, type Step, standinEnv } from '../fixtures/standin/run.ts';
import { atPrompt, expectEnded, placeOf, shells, startShell } from '../support/job-control.ts';
import { Terminal } from '../support/terminal.ts';

const wrapper = await buildWrapper();
afterAll(wrapper.remove);

type Env = Readonly<Record<string, string>>;

function envOf(steps: readonly Step[], more: Env = {}): Env {
  return { ...standinEnv(steps, more), PATH: wrapper.path, HOME: wrapper.home, TERM: 'xterm-256color' };
}

/** A wrapped program as the only one of its terminal, as an editor starts it. */
function alone(command: readonly string[], env: Env): Terminal {
  const terminal = new Terminal([process.execPath, wrapper.wrapper, ...command], {
    env: { ...envOf([]), ...env },
    cwd: wrapper.home,
  });
  onTestFinished(() => terminal.close());
  return terminal;
}

/** An interactive Bash. */
function shell(steps: readonly Step[], more: Env = {}): Promise<Terminal> {
  return startShell(shells[0], envOf(steps, more), wrapper.home);
}

const count = (terminal: Terminal, text: string) => terminal.screen().split(text).length - 1;

/** A file that both a CLI and the wrapper write their end into. */
function logFile() {
  const file = join(wrapper.home, `log-${Math.random().toString(36).slice(2)}`);
  return { file, lines: () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []) };
}

describe.runIf(process.platform === 'linux')('in a terminal', () => {
  const cleansUp = (signal: string): Step[] => [
    { place: true },
    { catch: signal, exit: 5 },
    { say: 'ready' },
    { wait: true },
  ];

  it.each([
    ['\x03', 'SIGINT'],
    ['\x1c', 'SIGQUIT'],
  ])('P2 the prompt comes back after the CLI has cleaned up, with its code: %j', async (key, signal) => {
    const terminal = await shell(cleansUp(signal));
    terminal.type('run; echo "code $?"\r');
    await terminal.waitFor('ready');
    terminal.type(key);
    await terminal.waitFor('code 5');
    expect(terminal.screen()).toMatch(/cleaned up\s+code 5/);
  });

  it.each([
    ['run', 'SIGINT', '\x03'],
    ['run', 'SIGQUIT', '\x1c'],
    ['echo hi | run', 'SIGINT', '\x03'],
  ])('P3 what the keyboard sends reaches the CLI once: %s, %s', async (command, signal, key) => {
    const terminal = await shell([...cleansUp(signal)]);
    terminal.type(`${command}; echo "code $?"\r`);
    await terminal.waitFor('ready');
    terminal.type(key);
    await terminal.waitFor('code 5');
    expect(count(terminal, `got ${signal}`)).toBe(1);
  });

  it.each(['SIGINT', 'SIGQUIT'] as const)(
    'P3 kill -%s of ai-trace alone reaches a CLI that reads keys itself',
    async (signal) => {
      const terminal = alone(
        [process.execPath, cli],
        envOf([{ place: true }, { raw: true }, { catch: signal, exit: 5 }, { say: 'ready' }, { wait: true }]),
      );
      const { ppid } = await placeOf(terminal);
      await terminal.waitFor('ready');
      process.kill(ppid, signal);
      expect(await terminal.exit).toEqual({ code: 5, signal: null });
      expect(count(terminal, `got ${signal}`)).toBe(1);
    },
  );

  it('P3 kill -INT of ai-trace alone reaches a CLI in the background', async () => {
    const terminal = await shell(cleansUp('SIGINT'));
    terminal.type('run &\r');
    const { ppid } = await placeOf(terminal);
    await terminal.waitFor('ready');
    process.kill(ppid, 'SIGINT');
    await terminal.waitFor('cleaned up');
    expect(count(terminal, 'got SIGINT')).toBe(1);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
    'P3 kill -%s of ai-trace alone reaches a CLI in the foreground',
    async (signal) => {
      // SIGUSR1 opens Node's debugger, so a shell is the CLI.
      const script = `trap 'echo got ${signal}; exit 5' ${signal.slice(3)}; echo "ready $PPID."; while :; do sleep 0.05; done`;
      const terminal = alone(['/bin/sh', '-c', script], {});
      await terminal.waitFor(/ready \d+\./);
      process.kill(Number(/ready (\d+)/.exec(terminal.screen())?.[1]), signal);
      expect(await terminal.exit).toEqual({ code: 5, signal: null });
      expect(count(terminal, `got ${signal}`)).toBe(1);
    },
  );

  it.each([
    ['SIGTERM', 143],
    ['SIGKILL', 137],
    ['SIGINT', 130],
  ])('P4 the shell sees the death by %s as of the CLI itself', async (signal, code) => {
    const terminal = await shell([{ die: signal }, { wait: true }]);
    for (const command of ['bare', 'run']) {
      terminal.type(`${command}\r`);
      await terminal.waitFor(new RegExp(`> ${command}[^]*prompt>$`));
      terminal.type('echo "code $?"\r');
      await terminal.waitFor(new RegExp(`${command}[^]*code ${code}`));
    }
    // Bash tells what killed it ("Terminated", "Killed"), and nothing of an interrupt.
    const [, bare, run] = terminal.screen().split(/> bare|> run/);
    const told = (text = '') =>
      text
        .split(/\s*prompt>/)[0]
        ?.trim()
        .replace('bare', 'run');
    expect(told(run)).toBe(told(bare));
  });

  it('P14 a signal reaches the second process of a CLI whose first one swallows it', async () => {
    const terminal = alone(
      [process.execPath, relay],
      envOf(cleansUp('SIGTERM'), { WRAPPER_SIGNAL_TREE: '1' }),
    );
    await terminal.waitFor('ready');
    process.kill(terminal.pid, 'SIGTERM');
    expect(await terminal.exit).toEqual({ code: 5, signal: null });
  });

  // A shell is the CLI: Node itself aborts when it exits after its terminal has gone.
  const cleansUpAfterHangUp = `
    trap 'echo got SIGHUP >> "$LOG"; sleep 0.2; echo cleaned up >> "$LOG"; exit 5' HUP
    echo ready
    for i in $(seq 400); do sleep 0.05; done`;

  it('P15 the window is closed: the CLI ends first, and ai-trace after it, with the same code', async () => {
    const { file, lines } = logFile();
    const terminal = alone(['/bin/sh', '-c', cleansUpAfterHangUp], { LOG: file, WRAPPER_LOG: file });
    await terminal.waitFor('ready');
    terminal.hangUp();
    expect(await terminal.exit).toEqual({ code: 5, signal: null });
    expect(lines()).toContain('got SIGHUP');
    expect(lines().slice(-2)).toEqual(['cleaned up', 'the CLI has ended: 5']);
  });

  it('P15 the window of a shell is closed: the CLI ends first, and ai-trace after it', async () => {
    const { file, lines } = logFile();
    const env = { LOG: file, WRAPPER_LOG: file, CLEANS_UP: cleansUpAfterHangUp };
    const terminal = await startShell(shells[0], envOf([], env), wrapper.home);
    terminal.type(`node '${wrapper.wrapper}' sh -c "$CLEANS_UP"\r`);
    await terminal.waitFor(/^ready/m);
    terminal.hangUp();
    await expect.poll(() => lines().at(-1), { timeout: 20_000 }).toBe('the CLI has ended: 5');
    expect(lines()).toContain('got SIGHUP');
    expect(lines().at(-2)).toBe('cleaned up');
  });

  it('a new size of the window reaches the CLI', async () => {
    const terminal = await shell([{ size: true }, { catch: 'SIGTERM', exit: 0 }, { wait: true }]);
    terminal.type('run\r');
    await terminal.waitFor('size 120x40');
    terminal.resize(90, 30);
    await terminal.waitFor('size 90x30');
    terminal.resize(133, 41);
    await terminal.waitFor('size 133x41');
  });

  it('ai-trace is killed: the shell has its terminal back, and the CLI is in the background', async () => {
    const terminal = await shell([
      { place: true },
      { catch: 'SIGTERM', exit: 5 },
      { raw: true },
      { say: 'ready' },
      { wait: true },
    ]);
    terminal.type('run\r');
    const { pid, ppid } = await placeOf(terminal);
    await terminal.waitFor('ready');
    process.kill(ppid, 'SIGKILL');
    await atPrompt(terminal);
    terminal.type('stty -a | grep -o "[-]*icanon"\r');
    await terminal.waitFor(/^icanon/m);
    process.kill(pid, 'SIGTERM');
    await expectEnded(pid);
  });
});

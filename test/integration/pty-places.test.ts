/** P6 and P8 of the launcher's pitfalls, and the places in which a CLI is started: each test says what a shell or a person relies on there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { ensurePrograms } from '../../scripts/debian.mjs';
import { buildWrapper, cli, run, type Step, standinEnv } from '../fixtures/standin/run.ts';
import {
  atPrompt,
  expectEnded,
  expectState,
  placeOf,
  shells,
  startShell,
  stateOf,
} from '../support/job-control.ts';
import { runHeadless } from '../support/run.ts';
import { sshPackages, startSshServer } from '../support/ssh-server.ts';
import { Terminal } from '../support/terminal.ts';

const missing = await ensurePrograms({ bash: 'bash', tmux: 'tmux', script: 'bsdutils', ...sshPackages });
if (missing !== null) console.warn(`NOT TESTED: ai-trace in tmux, script and ssh (${missing})`);

it.runIf(process.env['CI'] === 'true')('there are all places to test in', () => {
  expect(missing).toBeNull();
});

const wrapper = await buildWrapper();
afterAll(wrapper.remove);

const [bash] = shells;

function envOf(steps: readonly Step[]): Record<string, string> {
  return {
    ...standinEnv(steps),
    PATH: wrapper.path,
    HOME: wrapper.home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  };
}

function terminalWith(command: readonly string[], steps: readonly Step[]): Terminal {
  const terminal = new Terminal(command, { env: envOf(steps), cwd: wrapper.home });
  onTestFinished(() => terminal.close());
  return terminal;
}

const shell = (steps: readonly Step[]) => startShell(bash, envOf(steps), wrapper.home);
const catching = (signal: string): Step[] => [
  { place: true },
  { catch: signal, exit: 5 },
  { say: 'ready' },
  { wait: true },
];

/** Ctrl-Z, `fg` and the exit code in an interactive Bash, wherever it runs. */
async function expectJobControl(terminal: Terminal): Promise<void> {
  terminal.type('run\r');
  await terminal.waitFor('ready');
  terminal.type('\x1a');
  await terminal.waitFor('Stopped');
  terminal.type('fg\r');
  await terminal.waitFor('resumed');
  terminal.type('k');
  await terminal.waitFor('key k');
  terminal.type('q');
  await atPrompt(terminal);
  terminal.type('echo "code $?"\r');
  await terminal.waitFor('code 7');
}

const stopsItself: Step[] = [{ keys: 'self', exit: 7 }, { say: 'ready' }];

describe.runIf(missing === null)('the launcher', () => {
  it.each(['printf "a\\0b\\n" | run', 'printf "a\\0b\\n" > in; run < in'])(
    'P6 leaves all of stdin to the CLI: %s',
    async (command) => {
      const { stdout } = await runHeadless(['bash', '-c', command], {
        env: envOf([{ input: true }]),
        cwd: wrapper.home,
      });
      expect(stdout.toString()).toBe('"a\\u0000b\\n"\n');
    },
  );

  it('P6 leaves what the CLI does not read to who comes next', async () => {
    const command = '{ run; cat; } < in';
    const { stdout } = await runHeadless(['bash', '-c', `echo next > in; ${command}`], {
      env: envOf([{ say: 'first' }, { exit: 0 }]),
      cwd: wrapper.home,
    });
    expect(stdout.toString()).toBe('first\nnext\n');
    const terminal = await shell([
      { say: 'ready' },
      { catch: 'SIGTERM', exit: 0 },
      { place: true },
      { wait: true },
    ]);
    terminal.type('run\r');
    const { ppid } = await placeOf(terminal);
    terminal.type('echo typed-ahead | tr a-z A-Z\r');
    process.kill(ppid, 'SIGTERM');
    await terminal.waitFor('TYPED-AHEAD');
  });

  it('P8 shares process group, session and terminal with the CLI', async () => {
    const terminal = await shell([{ place: true }, { exit: 0 }]);
    terminal.type('run\r');
    const { ppid, pgid, sid, foreground } = await placeOf(terminal);
    expect({ pgid, foreground }).toEqual({ pgid: ppid, foreground: ppid });
    expect(sid).toBe(terminal.pid);
  });

  it('in the background is not interrupted from the keyboard, and ended by kill', async () => {
    const terminal = await shell([{ catch: 'SIGINT', exit: 1 }, ...catching('SIGTERM')]);
    terminal.type('run &\r');
    await terminal.waitFor('ready');
    terminal.type('\x03');
    await terminal.waitFor(/\^C\s+prompt>$/);
    terminal.type('kill %1; wait %1; echo "code $?"\r');
    await terminal.waitFor('code 5');
    expect(terminal.screen()).not.toContain('got SIGINT');
  });

  it('under nohup writes into its file, and outlives the shell as long as the CLI does', async () => {
    const out = join(wrapper.home, 'nohup.out');
    const terminal = await shell(catching('SIGTERM'));
    terminal.type('nohup run < /dev/null & disown\r');
    await expect
      .poll(() => readFileSync(out, { encoding: 'utf8', flag: 'a+' }), { timeout: 20_000 })
      .toContain('ready');
    terminal.type('exit\r');
    await terminal.exit;
    const { ppid } = JSON.parse(/\{.*\}/.exec(readFileSync(out, 'utf8'))?.[0] ?? '');
    expect(stateOf(ppid)).toBe('S');
    process.kill(ppid, 'SIGTERM');
    await expectEnded(ppid);
    expect(readFileSync(out, 'utf8')).toMatch(/got SIGTERM\ncleaned up\n$/);
  });

  it.each([
    ['run | tee copy', 'ready'],
    ['sleep 30 | run', 'ready'],
  ])('in a pipeline stops and resumes with the rest of it: %s', async (command) => {
    const terminal = await shell(catching('SIGTERM'));
    terminal.type(`${command}\r`);
    const { pid, ppid } = await placeOf(terminal);
    await terminal.waitFor('ready');
    terminal.type('\x1a');
    await terminal.waitFor('Stopped');
    await expectState(ppid, 'T');
    await expectState(pid, 'T');
    terminal.type('fg\r');
    await expectState(pid, 'S');
    await expectState(ppid, 'S');
    process.kill(ppid, 'SIGTERM');
    await terminal.waitFor('cleaned up');
  });

  it('in tmux stops and resumes, and follows the size of the pane', async () => {
    const server = `ai-trace-${process.pid}-${Date.now()}`;
    const tmux = ['tmux', '-L', server, '-f', '/dev/null'];
    onTestFinished(async () => {
      await runHeadless([...tmux, 'kill-server'], { env: envOf([]), cwd: wrapper.home });
    });
    const command = `PS1='prompt> ' exec ${bash.command.join(' ')}`;
    const terminal = terminalWith(
      [...tmux, 'new-session', command, ';', 'set', 'status', 'off'],
      [{ size: true }, ...stopsItself],
    );
    await atPrompt(terminal);
    await expectJobControl(terminal);
    terminal.type('clear; run\r');
    await terminal.waitFor(/size 120x40\s+ready/);
    terminal.resize(90, 30);
    await terminal.waitFor('size 90x30');
  });

  it('by script passes the code on, and is interrupted once', async () => {
    const terminal = terminalWith(['script', '-q', '-e', '-c', 'exec run', '/dev/null'], catching('SIGINT'));
    await terminal.waitFor('ready');
    terminal.type('\x03');
    expect(await terminal.exit).toEqual({ code: 5, signal: null });
    expect(terminal.screen().split('got SIGINT')).toHaveLength(2);
  });

  it('over ssh stops and resumes, is interrupted once, and passes the code on', async () => {
    const ssh = await startSshServer(wrapper.home);
    const remote = (command: string, steps: readonly Step[]) => {
      const quoted = Object.entries(envOf(steps)).map(([name, value]) => `${name}='${value}'`);
      return terminalWith([...ssh, `env ${quoted.join(' ')} ${command}`], []);
    };
    const interactive = remote(`PS1='prompt> ' ${bash.command.join(' ')}`, stopsItself);
    await atPrompt(interactive);
    await expectJobControl(interactive);

    const alone = remote('run', catching('SIGINT'));
    await alone.waitFor('ready');
    alone.type('\x03');
    expect(await alone.exit).toEqual({ code: 5, signal: null });
    expect(alone.screen().split('got SIGINT')).toHaveLength(2);
  });

  it('over ssh ends with the CLI when the connection is cut', async () => {
    const ssh = await startSshServer(wrapper.home);
    const quoted = Object.entries(envOf(catching('SIGHUP'))).map(([name, value]) => `${name}='${value}'`);
    const terminal = terminalWith([...ssh, `env ${quoted.join(' ')} run`], []);
    const { pid, ppid } = await placeOf(terminal);
    await terminal.waitFor('ready');
    process.kill(terminal.pid, 'SIGKILL');
    await expectEnded(pid);
    await expectEnded(ppid);
  });

  it("in an editor's terminal stays awake when the CLI is stopped, since no shell would resume it", async () => {
    const { execPath } = process;
    const terminal = terminalWith(
      [execPath, wrapper.wrapper, execPath, cli],
      [{ catch: 'SIGCONT' }, ...catching('SIGINT')],
    );
    const { pid, ppid } = await placeOf(terminal);
    await terminal.waitFor('ready');
    process.kill(pid, 'SIGSTOP');
    await expectState(pid, 'T');
    process.kill(pid, 'SIGCONT');
    await terminal.waitFor('got SIGCONT');
    expect(stateOf(ppid)).not.toBe('T');
    terminal.type('\x03');
    expect(await terminal.exit).toEqual({ code: 5, signal: null });
    expect(terminal.screen().split('got SIGINT')).toHaveLength(2);
  });

  it('without a terminal stays awake when the CLI is stopped', async () => {
    const { execPath } = process;
    const running = run(
      execPath,
      [wrapper.wrapper, execPath, cli],
      envOf([{ catch: 'SIGCONT' }, ...catching('SIGTERM')]),
    );
    const said = await running.said('ready');
    const { pid, ppid, foreground, pgid } = JSON.parse(/\{.*\}/.exec(said)?.[0] ?? '');
    expect({ ppid, pgid, foreground }).toEqual({ ppid: running.child.pid, pgid: ppid, foreground: -1 });
    process.kill(pid, 'SIGSTOP');
    await expectState(pid, 'T');
    process.kill(pid, 'SIGCONT');
    await running.said('got SIGCONT');
    expect(stateOf(ppid)).not.toBe('T');
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 5, signal: null });
  });

  it('as process 1 of a container tells a death by signal as 128 + n', async (context) => {
    const container = ['unshare', '--pid', '--fork', '--mount-proc'];
    const options = { env: envOf([{ place: true }, { die: 'SIGTERM' }, { wait: true }]), cwd: wrapper.home };
    const allowed = await runHeadless([...container, 'true'], options);
    if (allowed.code !== 0) context.skip(`unshare: ${allowed.stderr}`);
    const { code, stdout } = await runHeadless([...container, 'run'], options);
    expect(JSON.parse(stdout.toString())).toMatchObject({ ppid: 1 });
    expect(code).toBe(143);
  });
});

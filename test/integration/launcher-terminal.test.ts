import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWrapper, cli, type Step, standinEnv } from '../fixtures/standin/run.ts';

const node = process.execPath;
let wrapper = '';
let removeWrapper = () => {};

beforeAll(async () => {
  ({ wrapper, remove: removeWrapper } = await buildWrapper());
});
afterAll(() => removeWrapper());

/** A shell in a pseudo-terminal. `$RUN` in a command is the wrapped stand-in. */
function terminal(args: string[], steps: Step[]) {
  const env = standinEnv(steps, { TERM: 'xterm-256color', PS1: 'prompt> ', HISTFILE: '/dev/null' });
  const pty = spawnPty('/bin/bash', ['--norc', '--noprofile', ...args], {
    env: { ...env, RUN: `${node} ${wrapper} ${node} ${cli}` },
    cols: 200,
    rows: 50,
  });
  let output = '';
  let check = () => {};
  pty.onData((data) => {
    output += data;
    check();
  });
  return {
    type: (text: string) => pty.write(text),
    said: (text: string) =>
      new Promise<void>((resolve) => {
        check = () => output.includes(text) && resolve();
        check();
      }),
    ended: new Promise<string>((resolve) => pty.onExit(() => resolve(output))),
  };
}

const count = (text: string, part: string) => text.split(part).length - 1;

describe.runIf(process.platform !== 'win32')('in a terminal', () => {
  const catchesCtrlC: Step[] = [{ catch: 'SIGINT', exit: 5 }, { say: 'ready' }, { wait: true }];

  it.each([
    ['on the keyboard', '$RUN; echo "code $?"'],
    ['with stdin from a pipe', 'echo hi | $RUN; echo "code $?"'],
  ])('Ctrl-C reaches the CLI once, and ai-trace outlives it: %s', async (_, command) => {
    const shell = terminal(['-c', command], catchesCtrlC);
    await shell.said('ready');
    shell.type('\x03');
    const output = await shell.ended;
    expect(count(output, 'got SIGINT')).toBe(1);
    // A shell whose foreground program exits by itself goes on with its script.
    expect(output).toContain('code 5');
  });

  it('stops with the CLI as one job, and `fg` resumes both', async () => {
    const steps: Step[] = [{ say: 'ready' }, { group: 'SIGTSTP' }, { say: 'resumed' }, { exit: 7 }];
    const shell = terminal(['-i'], steps);
    shell.type('$RUN\r');
    await shell.said('Stopped');
    shell.type('fg\r');
    await shell.said('resumed');
    shell.type('echo "code $?"; exit\r');
    expect(await shell.ended).toContain('code 7');
  });

  it('is put in order after the CLI was killed', async () => {
    const steps: Step[] = [{ raw: true }, { say: '\x1b[?1049h\x1b[?25l\x1b[?2004h' }, { die: 'SIGKILL' }];
    const shell = terminal(['-c', '$RUN; stty -a'], steps);
    const output = await shell.ended;
    const afterDeath = output.slice(output.indexOf('\x1b[?2004h') + 8);
    expect(afterDeath).toContain('\x1b[?1049l');
    expect(afterDeath).toContain('\x1b[?25h');
    expect(afterDeath).toMatch(/(?<!-)icanon/);
    expect(afterDeath).toMatch(/(?<!-)echo /);
  });

  it('is left alone after any other end', async () => {
    const shell = terminal(['-c', '$RUN'], [{ say: 'out' }, { die: 'SIGTERM' }]);
    expect(await shell.ended).not.toContain('\x1b[');
  });

  it('is left alone by a background job', async () => {
    const steps: Step[] = [{ die: 'SIGKILL' }];
    const shell = terminal(['-i'], steps);
    shell.type('$RUN & wait $!; echo "code $?"; exit\r');
    const output = await shell.ended;
    expect(output).toContain('code 137');
    expect(output).not.toContain('\x1b[?1049l');
  });
});

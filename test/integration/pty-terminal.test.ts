/** P5 of the launcher's pitfalls: what a CLI leaves of its terminal, and what is done about it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { terminalReset } from '../../src/launcher/terminal.ts';
import { buildWrapper, type Step, standinEnv } from '../fixtures/standin/run.ts';
import { Terminal } from '../support/terminal.ts';

const wrapper = await buildWrapper();
afterAll(wrapper.remove);

const fullScreen = '\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?1h\x1b[>1u';

/** A full-screen program that ends without cleaning up. */
const leavesAMess = (end: Step): Step[] => [{ raw: true }, { say: fullScreen }, end, { wait: true }];

/**
 * Runs commands in a terminal, until all they wrote has come. As in an interactive shell each is a job with a process group of its own.
 */
async function script(
  command: string,
  steps: readonly Step[],
  more: Record<string, string> = {},
): Promise<Terminal> {
  // It stays until all is read: what a terminal still holds when its last program ends may be lost.
  const lines = `${command}\nprintf 'all is %s' said\nread -r _`;
  const terminal = new Terminal(['bash', '--norc', '--noprofile', '-m', '-c', lines], {
    env: { ...standinEnv(steps, more), PATH: wrapper.path, HOME: wrapper.home },
    cwd: wrapper.home,
  });
  onTestFinished(() => terminal.close());
  await expect.poll(() => terminal.received, { timeout: 20_000 }).toContain('all is said');
  return terminal;
}

function expectInOrder(terminal: Terminal): void {
  expect(terminal.received).toContain(terminalReset.slice(0, -2));
  expect(terminal.received).toMatch(/(?<!-)isig (?<!-)icanon/);
  expect(terminal.received).toMatch(/(?<!-)echo /);
  expect(terminal.modes).toMatchObject({
    alternateScreen: false,
    applicationCursorKeysMode: false,
    bracketedPasteMode: false,
    mouseTrackingMode: 'none',
    sendFocusMode: false,
  });
}

describe.runIf(process.platform === 'linux')('P5 a terminal', () => {
  it.each(['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS'])(
    'is put in order after the CLI has died of %s',
    async (signal) => {
      expectInOrder(await script('run; stty -a', leavesAMess({ die: signal })));
    },
  );

  it.each([
    ['output goes to a file', 'run > out', leavesAMess({ die: 'SIGKILL' })],
    ['errors go to a file', 'run 2> err', leavesAMess({ die: 'SIGKILL' })],
    ['input is a file', 'run < /dev/null', leavesAMess({ die: 'SIGKILL' }).slice(1)],
  ])('is put in order when its %s', async (_, command, steps) => {
    expectInOrder(await script(`${command}; stty -a`, steps));
  });

  it('that only the input is: the keyboard works again, and nothing is written', async () => {
    const terminal = await script('run > out 2> err; stty -a', leavesAMess({ die: 'SIGKILL' }));
    expect(terminal.received).not.toContain('\x1b');
    expect(terminal.received).toMatch(/(?<!-)isig (?<!-)icanon/);
    expect(readFileSync(join(wrapper.home, 'out'), 'utf8')).toBe(`${fullScreen}\n`);
    expect(readFileSync(join(wrapper.home, 'err'), 'utf8')).toBe('');
  });

  it.each([
    ['died of SIGTERM', 'kill -TERM $$', 143],
    ['died of SIGHUP', 'kill -HUP $$', 129],
    // Gemini's launcher, when its second process was killed.
    ['ended with code 1', 'exit 1', 1],
  ])("is put in order when a shell's job %s and left it raw", async (_, end, code) => {
    // No Node: that one gives the keyboard back when it ends.
    const mess = `stty raw -echo; printf '%s' "$MESS"; ${end}`;
    const command = `node '${wrapper.wrapper}' sh -c "$CLI"; echo "code $?"; stty -a`;
    const terminal = await script(command, [], { CLI: mess, MESS: fullScreen });
    expect(terminal.received).toContain(`code ${code}`);
    expectInOrder(terminal);
  });

  it('that a program has made raw before is left alone when the CLI ends with an error', async () => {
    const command = `bash -c 'stty raw; printf %s "$MESS"; run; stty -a'`;
    const { received, modes } = await script(command, [{ exit: 1 }], { MESS: fullScreen });
    expect(modes.alternateScreen).toBe(true);
    expect(received).toMatch(/-isig -icanon/);
  });

  it.each([
    ['ended well', [{ raw: true }, { say: fullScreen }, { exit: 0 }]],
    ['ended badly, but cleaned up', [{ say: fullScreen }, { exit: 1 }]],
    ['was ended by SIGTERM, but cleaned up', [{ say: fullScreen }, { die: 'SIGTERM' }, { wait: true }]],
    ['was ended by SIGHUP, but cleaned up', [{ say: fullScreen }, { die: 'SIGHUP' }, { wait: true }]],
  ] as const)('is left alone, byte for byte, when the CLI %s', async (_, steps) => {
    const bare = await script('bare; echo "code $?"', steps);
    const wrapped = await script('run; echo "code $?"', steps);
    expect(bare.received).toContain(fullScreen);
    const withoutIds = ({ received }: Terminal) =>
      received.replace(/line \d+: +\d+ /, '').replace('bare', 'run');
    expect(withoutIds(wrapped)).toBe(withoutIds(bare));
  });

  it('is left alone when the CLI was a background job', async () => {
    const { received } = await script(
      'run & wait $!; echo "code $?"',
      leavesAMess({ die: 'SIGKILL' }).slice(1),
    );
    expect(received).toContain('code 137');
    expect(received).not.toContain('\x1b[?1049l');
  });
});

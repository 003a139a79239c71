import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ensureDesktop } from '../../scripts/desktop.mjs';
import { showOnDesktop } from '../../src/commands/notifier.ts';
import { decodeProtobuf, encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { msFromNanos } from '../../src/otlp/time.ts';
import { type Desktop, startDesktop } from '../support/desktop.ts';
import { cliEnv } from '../support/sandbox.ts';
import { fixture, standin } from '../support/standin-cli.ts';
import { Terminal } from '../support/terminal.ts';
import { aiTrace } from '../support/traced.ts';

const recording = fileURLToPath(new URL('../fixtures/captures/codex/exec-plain', import.meta.url));

const missing = await ensureDesktop();
if (missing !== null) console.warn(`NOT TESTED: notifications on a real desktop (${missing})`);

test.runIf(process.env['CI'] === 'true')('there is a desktop to test on', () => {
  expect(missing).toBeNull();
});

type Env = Readonly<Record<string, string>>;

/** A codex that sends the recording, or one of a long turn. */
async function codex(env: Env = {}, { long = false } = {}) {
  const { run, ...sandbox } = await standin('codex', fixture('replay.mjs'));
  const bin = join(sandbox.home, 'bin');
  const own = ['--forward', 'none', '--summary', 'never'];
  const replaying = { STANDIN_REPLAY: long ? longTurn(sandbox.home) : recording, ...env };
  return {
    home: sandbox.home,
    bin,
    run: (words: readonly string[] = [], more: Env = {}) =>
      run({ words: [...own, ...words, 'codex'], env: { ...replaying, ...more } }),
    terminal(): Terminal {
      const place = { apiUrl: 'http://127.0.0.1:1', executable: join(bin, 'codex'), sandbox };
      const PATH = [bin, '/usr/bin', '/bin'].join(delimiter);
      const terminal = new Terminal([process.execPath, aiTrace, ...own, 'codex'], {
        env: { ...cliEnv('codex', place), PATH, ...replaying },
        cwd: sandbox.cwd,
      });
      onTestFinished(() => terminal.close());
      return terminal;
    },
  };
}

/** A copy of the recording in which the turn took a minute. */
function longTurn(home: string): string {
  const dir = join(home, 'long-turn');
  cpSync(recording, dir, { recursive: true });
  const file = join(dir, '0001-traces.pb');
  const decoded = decodeProtobuf('traces', readFileSync(file));
  if (!decoded.ok) throw new Error(decoded.reason);
  for (const { scopeSpans } of decoded.request.resourceSpans) {
    for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
      if (span.name !== 'session_task.turn') continue;
      span.startTimeUnixNano = ((msFromNanos(span.endTimeUnixNano) ?? 0) - 60_000) * 1e6;
    }
  }
  writeFileSync(file, encodeProtobuf('traces', decoded.request));
  return dir;
}

/** Ids of the processes that run with this home. */
function processesOf(home: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HOME=${home}`);
    } catch {
      return false; // no process, or one that has just ended
    }
  });
}

describe.skipIf(missing !== null)('on a desktop', () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop();
  }, 60_000);
  afterAll(() => desktop?.stop());
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** Titles of all that a session in this home has told: what it left behind has ended, and our own comes last. */
  async function titles(home: string): Promise<string[]> {
    await vi.waitFor(() => expect(processesOf(home)).toEqual([]), { timeout: 10_000 });
    spawnSync('notify-send', ['that is all'], { env: { ...desktop.env, PATH: process.env['PATH'] } });
    const shown: string[] = [];
    while (!shown.includes('that is all')) shown.push(...(await desktop.shown(1)).map(({ title }) => title));
    return shown.filter((title) => title !== 'that is all');
  }

  test('turn and session are told, always', async () => {
    const { run } = await codex(desktop.env);
    expect(await run(['--notify', 'always'])).toMatchObject({ code: 0, stderr: '' });
    const shown = await desktop.shown(2);
    expect(shown.toSorted((a, b) => a.title.localeCompare(b.title))).toEqual([
      {
        app: 'ai-trace',
        title: 'Codex CLI: session done',
        message: expect.stringMatching(/^[\d.]+ m?s · \$0\.00\d\d$/),
      },
      {
        app: 'ai-trace',
        title: 'Codex CLI: turn done',
        message: expect.stringMatching(/^217 ms · ~\$0\.00\d\d$/),
      },
    ]);
  });

  test('a session that failed is told so, and still ends as the CLI did', async () => {
    const { run } = await codex({ ...desktop.env, STANDIN_EXIT: '3' });
    expect(await run(['--notify', 'always'])).toMatchObject({ code: 3, stderr: '' });
    expect(await desktop.shown(2)).toContainEqual({
      app: 'ai-trace',
      title: 'Codex CLI: session failed',
      message: expect.stringMatching(/^exit 3 · /),
    });
  });

  test('a long turn is told by itself in a terminal, and the end of a short session is not', async () => {
    const { home, terminal } = await codex({ ...desktop.env, STANDIN_WAIT: '1' }, { long: true });
    const screen = terminal();
    expect(await desktop.shown(1)).toMatchObject([
      { title: 'Codex CLI: turn done', message: expect.stringMatching(/^1 m 0 s · ~\$/) },
    ]);
    await screen.press('enter');
    expect(await screen.exit).toEqual({ code: 0, signal: null });
    expect(screen.screen()).toBe('sent');
    expect(await titles(home)).toEqual([]);
  });

  test('a long turn that ends with its session is told once', async () => {
    const { home, terminal } = await codex(desktop.env, { long: true });
    expect(await terminal().exit).toEqual({ code: 0, signal: null });
    expect(await titles(home)).toEqual(['Codex CLI: session done']);
  });

  test.each<[string, string[], Env]>([
    ['without a terminal', [], {}],
    ['never', ['--notify', 'never'], {}],
    ['by the environment never', [], { AI_TRACE_NOTIFY: 'never' }],
  ])('nothing is told: %s', async (_, words, env) => {
    const { home, run } = await codex({ ...desktop.env, ...env }, { long: true });
    expect(await run(words)).toMatchObject({ code: 0, stderr: '' });
    expect(await titles(home)).toEqual([]);
  });

  test('node-notifier is kept from writing on the CLI’s stdout', async () => {
    const { run } = await codex({ ...desktop.env, DEBUG: 'notifier' });
    const { stdout, stderr } = await run(['--notify', 'always']);
    expect([stdout.toString(), stderr]).toEqual(['sent\n', '']);
    expect(await desktop.shown(2)).toHaveLength(2);
  });

  test('texts arrive as they are, whatever a shell would make of them', async () => {
    for (const [name, value] of Object.entries(desktop.env)) vi.stubEnv(name, value);
    const { home } = await codex();
    const trace = join(home, 'ran');
    const title = `"; touch ${trace}; echo "$(touch ${trace})\\`;
    // No backslash here: notify-send itself takes it for an escape.
    const message = `\`touch ${trace}\` $HOME " && touch ${trace} | ' > ${trace} %s !!`;
    showOnDesktop({ title, message });
    expect(await desktop.shown(1)).toEqual([{ app: 'ai-trace', title, message }]);
    expect(existsSync(trace)).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('a notifier', () => {
  test('that is not there is not missed', async () => {
    const { bin, run } = await codex();
    expect(await run(['--notify', 'always'], { PATH: bin })).toMatchObject({ code: 0, stderr: '' });
  });

  test('that hangs is left behind', async () => {
    const { home, bin, run } = await codex();
    const pidFile = join(home, 'pids');
    // Bounded: a failed test must not leave it running.
    writeFileSync(join(bin, 'notify-send'), `#!/bin/sh\necho $$ >> '${pidFile}'\nexec sleep 60\n`);
    chmodSync(join(bin, 'notify-send'), 0o755);
    expect(await run(['--notify', 'always'])).toMatchObject({ code: 0, stderr: '', timedOut: false });
    const pids = () => readFileSync(pidFile, 'utf8').trim().split('\n').map(Number);
    await vi.waitFor(() => expect(pids()).toHaveLength(2), { timeout: 10_000 });
    // The kill would fail if they had ended.
    for (const pid of pids()) process.kill(pid, 'SIGKILL');
  });
});

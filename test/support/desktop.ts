import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Shown {
  app: string;
  title: string;
  message: string;
}

/** A Linux desktop of the test's own: a display nobody sees, a private bus, and dunst, which tells what it shows. */
export interface Desktop {
  /** What a program needs to find it. */
  env: Record<string, string>;
  /**
   * Everything shown since the last call, until `count` are there.
   * @throws {Error} with what was shown, when they do not come
   */
  shown(count: number): Promise<Shown[]>;
  stop(): Promise<void>;
}

/** Nothing is known by name here, so that nothing is started on demand: no second daemon, no service of the machine. */
const busConfig = (dir: string) => `<busconfig>
  <type>session</type>
  <listen>unix:dir=${dir}</listen>
  <policy context="default">
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
  </policy>
</busconfig>
`;

export async function startDesktop(): Promise<Desktop> {
  const home = mkdtempSync(join(tmpdir(), 'ai-trace-desktop-'));
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8' };
  const running: ChildProcess[] = [];
  const start = (program: string, args: string[], stdio: StdioOptions) => {
    const child = spawn(program, args, { env, stdio });
    running.push(child);
    return child;
  };
  const stop = async () => {
    for (const child of running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(home, { recursive: true, force: true });
  };

  try {
    // It takes the first display that is free, and says which.
    const screen = start(
      'Xvfb',
      ['-displayfd', '3', '-nolisten', 'tcp'],
      ['ignore', 'ignore', 'ignore', 'pipe'],
    );
    env['DISPLAY'] = `:${await firstLine(screen.stdio[3] as Readable)}`;
    writeFileSync(join(home, 'bus.xml'), busConfig(home));
    const bus = start(
      'dbus-daemon',
      [`--config-file=${join(home, 'bus.xml')}`, '--nofork', '--print-address=1'],
      ['ignore', 'pipe', 'ignore'],
    );
    env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus.stdout as Readable);
    writeFileSync(join(home, 'dunstrc'), '[global]\nstack_duplicates = false\n');
    const daemon = start('dunst', ['-conf', join(home, 'dunstrc'), '-print'], ['ignore', 'pipe', 'ignore']);
    const printed = collect(daemon.stdout as Readable);
    await until(() => isServed(env), 'dunst does not take notifications');
    return {
      env: { DISPLAY: env['DISPLAY'], DBUS_SESSION_BUS_ADDRESS: env['DBUS_SESSION_BUS_ADDRESS'] },
      shown: async (count) => {
        await until(
          () => parse(printed.text).length >= count,
          () => `shown:\n${printed.text}`,
        );
        const all = parse(printed.text);
        printed.text = '';
        return all;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What `dunst -print` writes of each notification begins so. */
function parse(printed: string): Shown[] {
  const blocks = printed.matchAll(/^\tappname: '(.*)'\n\tsummary: '(.*)'\n\tbody: '(.*)'$/gm);
  return [...blocks].map(([, app = '', title = '', message = '']) => ({ app, title, message }));
}

function isServed(env: Record<string, string>): boolean {
  const owner = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.Notifications'];
  const args = ['--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/', ...owner];
  return spawnSync('dbus-send', args, { env, encoding: 'utf8' }).stdout.includes('true');
}

function collect(stream: Readable): { text: string } {
  const collected = { text: '' };
  stream.setEncoding('utf8').on('data', (chunk) => {
    collected.text += chunk;
  });
  return collected;
}

async function firstLine(stream: Readable): Promise<string> {
  const collected = collect(stream);
  await until(() => collected.text.includes('\n'), 'a program of the desktop did not start');
  return collected.text.slice(0, collected.text.indexOf('\n'));
}

async function until(holds: () => boolean, otherwise: string | (() => string)): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > deadline)
      throw new Error(typeof otherwise === 'string' ? otherwise : otherwise());
    await sleep(20);
  }
}

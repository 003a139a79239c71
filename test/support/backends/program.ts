import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server with a folder of its own. */
export interface Program {
  /** Ends it and waits until it has. */
  stop(): Promise<void>;
  /** `stop`, and its folder goes. */
  remove(): Promise<void>;
}

export interface ProgramOptions {
  name: string;
  /** The executable and its arguments. */
  command: readonly string[];
  /** All of its environment besides HOME, which is `folder`. */
  env?: Readonly<Record<string, string>>;
  /** Of `programFolder`. */
  folder: string;
  isReady(): Promise<boolean>;
}

const patienceMs = 120_000;

export function programFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `ai-trace-${name}-`));
}

/** Starts a server and waits until it is ready. @throws {Error} with what it said, when it ends before or takes two minutes */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { name, command, env, folder, isReady } = options;
  const [executable = '', ...words] = command;
  const child = spawn(executable, words, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  const keep = (chunk: Buffer) => {
    told = (told + chunk).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const closed = once(child, 'close');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  // For the case that the tests are broken off.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  const stop = async () => {
    if (!hasEnded()) child.kill();
    const timer = setTimeout(kill, 15_000);
    await closed;
    clearTimeout(timer);
    process.off('exit', kill);
  };
  const remove = async () => {
    await stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  const until = performance.now() + patienceMs;
  while (!(await isReady().catch(() => false))) {
    if (hasEnded() || performance.now() > until) {
      const what = hasEnded() ? `ended with ${child.exitCode}` : 'is not ready after two minutes';
      await remove();
      throw new Error(`${name} ${what}:\n${told}`);
    }
    await sleep(100);
  }
  return { stop, remove };
}

/** Ports of 127.0.0.1 that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on a port');
    return address.port;
  });
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}

export async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

/** @throws {Error} with the answer, when it is no success */
export async function getJson<T>(url: URL): Promise<T> {
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${body}`);
  return JSON.parse(body) as T;
}

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CliName } from '../../scripts/clis.mjs';
import { cliArgs } from '../../test/support/cli-args.ts';
import { startAnthropic } from '../../test/support/mock/anthropic.ts';
import { startGemini } from '../../test/support/mock/gemini.ts';
import { startOpenAi } from '../../test/support/mock/openai.ts';
import { cliEnv, createSandbox } from '../../test/support/sandbox.ts';
import { Terminal } from '../../test/support/terminal.ts';

/** What a process took while nothing happened. */
export interface Idle {
  /** Resident, at the beginning, at the end and at most in between. MB */
  rssMb: { first: number; last: number; most: number };
  /** Of one core. */
  cpuPercent: number;
}

const mocks = {
  codex: () => startOpenAi({ main: [] }),
  gemini: () => startGemini({ main: [] }),
  claude: () => startAnthropic({ main: [] }),
};

/** After the first turn: the last exports of the CLI, and what loads late. */
const settleMs = 15_000;

/** A first turn in a terminal, then nothing for `seconds`. @param command ai-trace and its own words @throws {Error} when it ends before */
export async function idleAfterTurn(
  name: CliName,
  executable: string,
  command: readonly string[],
  seconds: number,
): Promise<Idle> {
  const api = await mocks[name]();
  const sandbox = await createSandbox();
  const env = cliEnv(name, { apiUrl: api.url, executable, sandbox });
  const words = [...command, name, ...cliArgs(name, 'tui', 'Say hello to me.', { apiUrl: api.url })];
  const terminal = new Terminal(words, { env, cwd: sandbox.cwd });
  try {
    for (let waited = 0; api.requests.length === 0; waited += 100) {
      if (waited > 60_000) throw new Error(`${name} has asked nothing; its screen:\n${terminal.screen()}`);
      await sleep(100);
    }
    await sleep(settleMs);
    return await watched(terminal.pid, seconds);
  } finally {
    await terminal.close();
    await api.close();
    await sandbox.remove();
  }
}

/** A program that shows nothing and sends nothing. @param command ai-trace and all words behind it */
export async function idleWithoutTelemetry(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  seconds: number,
): Promise<Idle> {
  const terminal = new Terminal(command, { env, cwd });
  try {
    await sleep(settleMs);
    return await watched(terminal.pid, seconds);
  } finally {
    await terminal.close();
  }
}

async function watched(pid: number, seconds: number): Promise<Idle> {
  const start = performance.now();
  const before = cpuMs(pid);
  const rss = [rssMb(pid)];
  while (performance.now() - start < seconds * 1000) {
    await sleep(1000);
    rss.push(rssMb(pid));
  }
  const cpuPercent = ((cpuMs(pid) - before) / (performance.now() - start)) * 100;
  return { rssMb: { first: rss[0] ?? 0, last: rss.at(-1) ?? 0, most: Math.max(...rss) }, cpuPercent };
}

/** User and system time of all its threads, in Linux's ticks of 10 ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [utime, stime] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11)
    .map(Number);
  return ((utime ?? 0) + (stime ?? 0)) * 10;
}

function rssMb(pid: number): number {
  const [, kb] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1000;
}

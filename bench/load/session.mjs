/** One session of the built program with a stand-in in the CLI's place. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/typescript.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const aiTrace = join(root, 'bin', 'ai-trace.js');
const probe = fileURLToPath(new URL('probe.cjs', import.meta.url));

const last = availableParallelism() - 1;
const others = `1-${last}`;

/** Whether programs can be kept to cores here. */
export const canPin = last > 0 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

const captures = join(root, 'test/fixtures/captures');
/** A long session: a tool, two calls of the model, again and again. */
const recording = join(captures, 'codex/exec-tool');

/**
 * A folder with the stand-in and a home of its own; gone when this process ends.
 * @param {boolean} [isPinned] ai-trace has the first core for itself; the stand-in and this process, with its collectors, have the others
 * @param {string} [standIn] the module that stands in each CLI's place
 */
export async function createPlace(isPinned = canPin, standIn = 'bench/load/cli.ts') {
  const folder = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const bin = join(folder, 'bin');
  for (const name of ['bin', 'run']) mkdirSync(join(folder, name), { mode: 0o700 });
  const program = `'${process.execPath}' '${await bundle(standIn)}' "$@"`;
  for (const name of ['codex', 'gemini', 'claude']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${isPinned ? `taskset -c ${others} ` : ''}${program}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { folder, bin, isPinned };
}

/**
 * @param {object} place as `createPlace` made it
 * @param {object} options
 * @param {readonly string[]} options.own words of ai-trace's own
 * @param {object} options.load as the stand-in reads it, without its paths
 * @param {string} [options.cli] which CLI it stands in for
 * @param {readonly string[]} [options.node] words for Node
 * @returns what the stand-in saw, what the kernel counted of ai-trace, its receipt, and how long it went on after the stand-in's end, ms
 */
export async function runSession({ folder, bin, isPinned }, { own, load, node = [], cli = 'codex' }) {
  const file = (name) => join(folder, name);
  if (canPin) keepTo(isPinned ? others : `0-${last}`);
  // What an earlier session left unsent, this one would send.
  rmSync(file('home'), { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(file('home'), { mode: 0o700 });
  const words = ['--require', probe, ...node, aiTrace, '--summary-file', file('receipt.json'), ...own, cli];
  const command = [...(isPinned ? ['taskset', '-c', '0'] : []), process.execPath, ...words];
  const child = spawn(command[0], command.slice(1), {
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: file('home'),
      XDG_RUNTIME_DIR: file('run'),
      AI_TRACE_PRICE_UPDATES: '0',
      BENCH_LOAD: JSON.stringify({
        ...load,
        recording,
        recordings: join(captures, cli),
        result: file('load.json'),
      }),
      BENCH_PROBE: file('probe.json'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const code = await new Promise((done, fail) => child.once('error', fail).once('exit', done));
  const endedAt = Date.now();
  if (code !== 0) throw new Error(`ai-trace ended with ${code}: ${errors}`);
  const [seen, counted, receipt] = ['load.json', 'probe.json', 'receipt.json'].map((name) =>
    JSON.parse(readFileSync(file(name), 'utf8')),
  );
  return { ...seen, ...counted, receipt, afterMs: endedAt - Date.parse(receipt.ended_at) };
}

/** This process, with all its threads. */
function keepTo(cores) {
  spawnSync('taskset', ['-a', '-p', '-c', cores, String(process.pid)]);
}

/** One session of the built program with the stand-in of cli.ts in Codex's place. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../scripts/typescript.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const aiTrace = join(root, 'bin', 'ai-trace.js');
const probe = fileURLToPath(new URL('probe.cjs', import.meta.url));

/** ai-trace has the first core for itself, everything else shares the others, where the machine lets us. */
export const isPinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
const others = `1-${availableParallelism() - 1}`;

/** A long session: a tool, two calls of the model, again and again. */
const recording = join(root, 'test/fixtures/captures/codex/exec-tool');

/** A folder with the stand-in and a home of its own; gone when this process ends. */
export async function createPlace() {
  const folder = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const bin = join(folder, 'bin');
  for (const name of ['bin', 'run']) mkdirSync(join(folder, name), { mode: 0o700 });
  const program = `'${process.execPath}' '${await bundle('bench/load/cli.ts')}' "$@"`;
  writeFileSync(join(bin, 'codex'), `#!/bin/sh\nexec ${isPinned ? `taskset -c ${others} ` : ''}${program}\n`);
  chmodSync(join(bin, 'codex'), 0o755);
  if (isPinned) spawnSync('taskset', ['-a', '-p', '-c', others, String(process.pid)]);
  return { folder, bin };
}

/**
 * @param {object} place as `createPlace` made it
 * @param {object} options
 * @param {readonly string[]} options.own words of ai-trace's own
 * @param {object} options.load as in cli.ts, without its paths
 * @param {readonly string[]} [options.node] words for Node
 * @returns what the stand-in saw, what the kernel counted of ai-trace, its receipt, and how long it went on after the stand-in's end, ms
 */
export async function runSession({ folder, bin }, { own, load, node = [] }) {
  const file = (name) => join(folder, name);
  // What an earlier session left unsent, this one would send.
  rmSync(file('home'), { recursive: true, force: true, maxRetries: 5 });
  mkdirSync(file('home'), { mode: 0o700 });
  const words = [
    '--require',
    probe,
    ...node,
    aiTrace,
    '--summary-file',
    file('receipt.json'),
    ...own,
    'codex',
  ];
  const command = [...(isPinned ? ['taskset', '-c', '0'] : []), process.execPath, ...words];
  const child = spawn(command[0], command.slice(1), {
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: file('home'),
      XDG_RUNTIME_DIR: file('run'),
      AI_TRACE_PRICE_UPDATES: '0',
      BENCH_LOAD: JSON.stringify({ ...load, recording, result: file('load.json') }),
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

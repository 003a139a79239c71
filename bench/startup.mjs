/**
 * How much later a CLI starts with a launcher in front of it.
 *
 *     npm run build && node bench/startup.mjs [runs] [Node version …]
 *
 * Measured: from spawning the outer program until the CLI's first byte arrives on the stdout it inherited. The CLI is a stand-in
 * of one shell builtin (`echo`), so nearly nothing of the time is its own. The ways take turns, so that a busy moment of the machine
 * hits all of them; the ratio is that of the medians, to a bare `spawn` by the same Node. The environment is PATH and a temporary
 * HOME; nothing is sent anywhere. The Nodes and the other launchers are installed once, into the cache of scripts/cache.mjs.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile, row } from './support/figures.mjs';
import { ensureLaunchers, ensureNodes, writeProgram } from './support/launchers.mjs';

const [runsWord, ...asked] = process.argv.slice(2);
const runs = Math.max(15, Number(runsWord ?? 21) || 0);
const root = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(join(root, 'dist', 'main.cjs'))) {
  console.error('dist/ is missing: run `npm run build` first.');
  process.exit(1);
}
const programs = await ensureNodes();
const launchers = await ensureLaunchers();

const scratch = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const at = (...names) => join(scratch, ...names);
const standin = '#!/bin/sh\necho started\n';
for (const folder of ['bin', 'home', 'project/node_modules/.bin']) mkdirSync(at(folder), { recursive: true });
writeProgram(at('bin', 'codex'), standin);
// npx starts what is installed in the project.
writeProgram(at('project', 'node_modules', '.bin', 'codex'), standin);
writeFileSync(at('project', 'package.json'), '{}');

const bareSpawn = `require('node:child_process').spawn('codex', { stdio: 'inherit' })`;
const widths = [24, 9, 16, 9];

for (const [version, node] of Object.entries(programs)) {
  if (asked.length > 0 && !asked.some((each) => version.startsWith(each))) continue;
  const ways = {
    codex: ['codex'],
    'env codex': ['env', 'codex'],
    'nice codex': ['nice', 'codex'],
    'node -e spawn': [node, '-e', bareSpawn],
    'ai-trace codex': [node, join(root, 'bin', 'ai-trace.js'), 'codex'],
    ...Object.fromEntries(Object.entries(launchers).map(([name, words]) => [name, [node, ...words]])),
  };
  const times = await measured(ways);
  const bare = quantile(times['node -e spawn'], 0.5);
  console.log(`\nNode ${version}, ${runs} runs each, ms until the CLI started`);
  console.log(row(['', 'median', 'p10–p90', '× spawn'], widths));
  for (const [way, list] of Object.entries(times)) {
    const [median, low, high] = [0.5, 0.1, 0.9].map((share) => quantile(list, share));
    const cells = [median.toFixed(1), `${low.toFixed(1)}–${high.toFixed(1)}`, (median / bare).toFixed(2)];
    console.log(row([way, ...cells], widths));
  }
}

async function measured(ways) {
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  // The first run of each warms the file cache, and what ai-trace and npm keep of their own.
  for (const command of Object.values(ways)) await timeToStart(command);
  for (let run = 0; run < runs; run += 1) {
    for (const [way, command] of Object.entries(ways)) times[way].push(await timeToStart(command));
  }
  return times;
}

/** ms; rejects when the program ends without having started the CLI. */
function timeToStart([file, ...args]) {
  const env = { PATH: `${at('bin')}:/usr/bin:/bin`, HOME: at('home'), AI_TRACE_FORWARD: 'none' };
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(file, args, { env, cwd: at('project'), stdio: ['ignore', 'pipe', 'pipe'] });
    let started;
    let errors = '';
    child.stdout.once('data', () => {
      started = performance.now() - start;
    });
    child.stderr.on('data', (data) => {
      errors += data;
    });
    child.once('error', reject);
    // The next run begins when this one has ended altogether.
    child.once('close', (code) => {
      if (started === undefined) reject(new Error(`${file} ${args[0]} ended with ${code}: ${errors}`));
      else resolve(started);
    });
  });
}

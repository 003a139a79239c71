/**
 * How much later the CLI starts with `ai-trace` in front of it.
 *
 *   npm run build && node bench/startup.mjs [runs]
 *
 * Measured: from spawning the outer program until the CLI's first byte arrives on the stdout it inherited. The CLI is a stand-in
 * of one shell builtin (`echo`), so nearly nothing of the time is its own. The ways take turns, so that a busy moment of the machine
 * hits all of them. The environment is PATH and a temporary HOME; nothing is sent anywhere.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile, row } from './support/figures.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = Math.max(15, Number(process.argv[2] ?? 21) || 0);

const scratch = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const standin = join(scratch, 'bin', 'codex');
mkdirSync(join(scratch, 'bin'));
mkdirSync(join(scratch, 'home'));
writeFileSync(standin, '#!/bin/sh\necho started\n');
chmodSync(standin, 0o755);

const env = {
  PATH: `${join(scratch, 'bin')}:/usr/bin:/bin`,
  HOME: join(scratch, 'home'),
  AI_TRACE_FORWARD: 'none',
};
const bareSpawn = `require('node:child_process').spawn('codex', { stdio: 'inherit' })`;
const ways = {
  'codex alone': ['codex'],
  'node -e spawn': [process.execPath, '-e', bareSpawn],
  'ai-trace codex': [process.execPath, join(root, 'bin', 'ai-trace.js'), 'codex'],
};
if (!existsSync(join(root, 'dist', 'main.cjs'))) {
  console.error(
    'dist/ is missing: run `npm run build` first. Without it only the ways to compare with are measured.',
  );
  delete ways['ai-trace codex'];
}

const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
for (const command of Object.values(ways)) await timeToStart(command); // warms the file cache
for (let run = 0; run < runs; run += 1) {
  for (const [way, command] of Object.entries(ways)) times[way].push(await timeToStart(command));
}

console.log(`${runs} runs each, ms until the CLI started\n`);
const widths = [18, 11];
console.log(row(['', 'median', 'p10', 'p90', 'over node'], widths));
const node = quantile(times['node -e spawn'], 0.5);
for (const [way, list] of Object.entries(times)) {
  const figures = [0.5, 0.1, 0.9].map((share) => quantile(list, share));
  const over = (figures[0] ?? 0) - node;
  console.log(row([way, ...figures.map(ms), ms(over)], widths));
}

/** ms; rejects when the program ends without having started the CLI. */
function timeToStart([file, ...args]) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
      if (started === undefined) reject(new Error(`${file} ended with ${code}: ${errors}`));
      else resolve(started);
    });
  });
}

function ms(value) {
  return value.toFixed(1);
}

/**
 * What ai-trace takes while the CLI in its terminal does nothing: memory and processor time of its own process, without the CLI's.
 *
 *     npm run build && node bench/idle.mjs [seconds]
 *
 * First with a program that never sends anything; then with each real CLI after one turn against a mock of its model, while it sends
 * what it sends by itself. Linux only: the figures are from /proc.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clis, ensureCli } from '../scripts/clis.mjs';
import { load } from '../scripts/typescript.mjs';
import { row } from './support/figures.mjs';

const seconds = Math.max(1, Number(process.argv[2] ?? 60) || 0);
const aiTrace = fileURLToPath(new URL('../bin/ai-trace.js', import.meta.url));
const { idleAfterTurn, idleWithoutTelemetry, startFaultyCollector } = await load('bench/cli/session.ts');

const widths = [20, 12, 12, 12, 12];
console.log(`${seconds} s each\n`);
console.log(row(['', 'MB, first', 'last', 'most', 'CPU %'], widths));

const home = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));
mkdirSync(join(home, 'bin'));
const silent = join(home, 'bin', 'codex');
writeFileSync(silent, '#!/bin/sh\nexec sleep 1000\n');
chmodSync(silent, 0o755);
const env = { PATH: `${join(home, 'bin')}:/usr/bin:/bin`, HOME: home, AI_TRACE_PRICE_UPDATES: '0' };
const silentWords = [process.execPath, aiTrace, 'codex'];
print('without telemetry', await idleWithoutTelemetry(silentWords, env, home, seconds));

for (const name of Object.keys(clis)) {
  const executable = await ensureCli(name);
  const { url, close } = await startFaultyCollector({ keeps: false, reads: false });
  const command = [process.execPath, aiTrace, '--forward', url];
  print(name, await idleAfterTurn(name, executable, command, seconds));
  await close();
}

function print(label, { rssMb: { first, last, most }, cpuPercent }) {
  const cells = [first, last, most].map((mb) => mb.toFixed(1));
  console.log(row([label, ...cells, cpuPercent.toFixed(2)], widths));
}

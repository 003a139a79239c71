/**
 * How much longer a whole session takes under ai-trace, and whose time that is.
 *
 *     npm run build && node bench/session.mjs [runs] [codex|gemini|claude …]
 *
 * Each run is one prompt with one tool, of the real CLI against a mock of its model. The ways take turns:
 * - `alone`: the CLI without telemetry;
 * - `telemetry`: the CLI with the settings that ai-trace gives it, sending to a collector that answers at once, without ai-trace;
 * - `ai-trace`: under ai-trace, which forwards to that collector.
 * As on a machine that is in use, ai-trace finds there what V8 has compiled for the session before (bin/ai-trace.js).
 * Measured is the wall time of the outermost program. What `telemetry` is over `alone` is the CLI's own work for its telemetry; what
 * ai-trace is over that is ours, and falls into what comes after the CLI's end (from `ended_at` of the receipt to our own end) and the
 * rest: the start, and what we do beside the CLI while it runs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clis, ensureCli } from '../scripts/clis.mjs';
import { load } from '../scripts/typescript.mjs';
import { quantile, row } from './support/figures.mjs';

const [runsWord, ...names] = process.argv.slice(2);
const runs = Math.max(1, Number(runsWord ?? 15) || 0);
const aiTrace = fileURLToPath(new URL('../bin/ai-trace.js', import.meta.url));
const { runSession, startFaultyCollector } = await load('bench/cli/session.ts');

const cache = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(cache, { recursive: true, force: true }));

const widths = [9, 9, 13, 20, 16, 13, 13, 20];
console.log(`${runs} runs each; ms, medians; in brackets: least and most\n`);
console.log(
  row(['', 'alone', 'telemetry +', 'ai-trace +', 'of it ours', 'before, beside', 'after', ''], widths),
);
for (const name of names.length > 0 ? names : Object.keys(clis)) {
  const executable = await ensureCli(name);
  const env = { XDG_CACHE_HOME: join(cache, name) };
  const { url, close } = await startFaultyCollector({ keeps: false, reads: false });
  const ways = [
    { kind: 'no telemetry' },
    { kind: 'injected', url },
    { kind: 'ai-trace', command: [process.execPath, aiTrace], forward: url },
  ];
  for (const way of ways) await runSession(name, executable, way, env); // warms the caches
  const sessions = ways.map(() => []);
  for (let run = 0; run < runs; run += 1) {
    for (const [i, way] of ways.entries()) {
      sessions[i].push(await runSession(name, executable, way, env));
    }
  }
  await close();
  const [alone, telemetry, traced] = sessions.map((list) => list.map(({ ms }) => ms));
  const base = quantile(alone, 0.5);
  const over = traced.map((ms) => ms - base);
  const added = quantile(over, 0.5);
  const ofCli = quantile(telemetry, 0.5) - base;
  const after = quantile(
    sessions[2].map(({ afterMs }) => afterMs),
    0.5,
  );
  const spread = `(${quantile(over, 0).toFixed(0)}–${quantile(over, 1).toFixed(0)})`;
  const cells = [base, ofCli, added, added - ofCli, added - ofCli - after, after].map((ms) => ms.toFixed(0));
  cells[2] += ` ${spread}`;
  console.log(row([name, ...cells], widths));
}

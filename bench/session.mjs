/**
 * How much longer a whole session takes under ai-trace, and whose time that is.
 *
 *     npm run build && node bench/session.mjs [--model-ms 0] [runs] [codex|gemini|claude …]
 *
 * Each run is one prompt with one tool, of the real CLI against a mock of its model, which begins each of its two answers after
 * `--model-ms`: a real one takes half a second and more. With 0 nobody ever waits, and all that is done is in the wall time. The ways
 * take turns:
 * - `alone`: the CLI without telemetry;
 * - `telemetry`: the CLI with the settings that ai-trace gives it, sending to a collector that answers at once, without ai-trace;
 * - `ai-trace`: under ai-trace, which forwards to that collector.
 * The turns go forth and back, so that none always comes after the same other one. As on a machine that is in use, ai-trace finds its
 * folders there, and what V8 has compiled for the session before (bin/ai-trace.js).
 * Measured is the wall time of the outermost program. What `telemetry` is over `alone` is the CLI's own work for its telemetry; what
 * ai-trace is over that is ours, and falls into what comes after the CLI's end (from `ended_at` of the receipt to our own end) and the
 * rest: the start, and what we do beside the CLI while it runs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { clis, ensureCli } from '../scripts/clis.mjs';
import { load } from '../scripts/typescript.mjs';
import { quantile, row } from './support/figures.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'model-ms': { type: 'string', default: '0' } },
});
const modelMs = Math.max(0, Number(values['model-ms']) || 0);
const [runsWord, ...names] = positionals;
const runs = Math.max(1, Number(runsWord ?? 15) || 0);
const aiTrace = fileURLToPath(new URL('../bin/ai-trace.js', import.meta.url));
const { runSession, startFaultyCollector } = await load('bench/cli/session.ts');

const folder = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const widths = [9, 9, 13, 20, 16, 13, 13, 20];
console.log(`${runs} runs each, a model of ${modelMs} ms; ms, medians; in brackets: least and most\n`);
console.log(
  row(['', 'alone', 'telemetry +', 'ai-trace +', 'of it ours', 'before, beside', 'after', ''], widths),
);
for (const name of names.length > 0 ? names : Object.keys(clis)) {
  const executable = await ensureCli(name);
  const env = { XDG_CACHE_HOME: join(folder, name, 'cache'), XDG_STATE_HOME: join(folder, name, 'state') };
  const options = { modelMs, env };
  const { url, close } = await startFaultyCollector({ keeps: false, reads: false });
  const ways = [
    { kind: 'no telemetry' },
    { kind: 'injected', url },
    { kind: 'ai-trace', command: [process.execPath, aiTrace], forward: url },
  ];
  for (const way of ways) await runSession(name, executable, way, options); // warms the caches
  const sessions = ways.map(() => []);
  const forth = [...ways.keys()];
  for (let run = 0; run < runs; run += 1) {
    for (const i of run % 2 === 0 ? forth : forth.toReversed()) {
      sessions[i].push(await runSession(name, executable, ways[i], options));
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

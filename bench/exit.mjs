/**
 * How much longer a session takes because of its telemetry, whatever the collector does.
 *
 *     npm run build && node bench/exit.mjs [runs]
 *
 * Each run is one prompt of the real CLI against a mock of its model: without telemetry, sending by its own settings to the collector,
 * and under ai-trace with `--forward` to it. The three take turns. Measured: the wall time of the outermost program; the first two
 * columns are the median of what it is over that without telemetry, with least and most. Last, what ai-trace itself adds after the
 * CLI's end: from `ended_at` of the receipt (the ms at which ai-trace saw the end) to its own end as seen here.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clis, ensureCli } from '../scripts/clis.mjs';
import { load } from '../scripts/typescript.mjs';
import { quantile, row } from './support/figures.mjs';

const runs = Math.max(1, Number(process.argv[2] ?? 5) || 0);
const aiTrace = join(fileURLToPath(new URL('..', import.meta.url)), 'bin', 'ai-trace.js');
const executables = {};
for (const name of Object.keys(clis)) executables[name] = await ensureCli(name);
const { runSession, startFaultyCollector } = await load('bench/cli/session.ts');

const behaviours = {
  ok: { kind: 'ok' },
  closed: { kind: 'closed' },
  hang: { kind: 'hang' },
  'slow 3 s': { kind: 'slow', ms: 3000 },
  'answers 503': { kind: 'status', status: 503 },
};
const widths = [20, 12, 24, 24, 24];
console.log(`${runs} runs each; ms: median (least–most)\n`);
console.log(row(['', 'without', 'native adds', 'ai-trace adds', 'after the CLI’s end'], widths));
for (const [name, executable] of Object.entries(executables)) {
  await runSession(name, executable, { kind: 'no telemetry' }); // warms the file cache
  for (const [label, behaviour] of Object.entries(behaviours)) {
    const collector = await startFaultyCollector({ behaviour, keeps: false, reads: false });
    const ways = [
      { kind: 'no telemetry' },
      { kind: 'native', url: collector.url },
      { kind: 'ai-trace', command: [process.execPath, aiTrace], forward: collector.url },
    ];
    const sessions = ways.map(() => []);
    for (let run = 0; run < runs; run += 1) {
      for (const [i, way] of ways.entries()) sessions[i].push(await runSession(name, executable, way));
    }
    await collector.close();
    const [without, native, traced] = sessions.map((list) => list.map(({ ms }) => ms));
    const base = quantile(without, 0.5);
    const over = (list) => spread(list.map((ms) => ms - base));
    const after = spread(sessions[2].map(({ afterMs }) => afterMs));
    console.log(row([`${name}, ${label}`, base.toFixed(0), over(native), over(traced), after], widths));
  }
}

function spread(list) {
  const [median, least, most] = [0.5, 0, 1].map((share) => quantile(list, share).toFixed(0));
  return `${median} (${least}–${most})`;
}

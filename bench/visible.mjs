/**
 * How long it takes until a collector has what a CLI told.
 *
 *     npm run build && node bench/visible.mjs [runs]
 *
 * Each run is one session of the real CLI against a mock of its model, with `--forward` to a collector of the bench's own that notes when
 * what arrives. Measured: from the arrival of a CLI's request at ai-trace (as `--record` notes it) to that of the same log record at the
 * collector, and to that of the LLM or tool span the record tells of. How long a CLI itself sits on a record before it sends is not in it.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clis, ensureCli } from '../scripts/clis.mjs';
import { load } from '../scripts/typescript.mjs';
import { quantile, row } from './support/figures.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = Math.max(1, Number(process.argv[2] ?? 3) || 0);
for (const name of Object.keys(clis)) await ensureCli(name);

const { measure } = await load('bench/visible/measure.ts');

console.log(`${runs} sessions each, ms until the collector has it\n`);
const widths = [18, 11];
console.log(row(['', 'number', 'median', 'p90', 'max'], widths));
for (const name of Object.keys(clis)) {
  const all = { logs: [], spans: [] };
  for (let run = 0; run < runs; run += 1) {
    const { logs, spans } = await measure(name, join(root, 'bin', 'ai-trace.js'));
    all.logs.push(...logs);
    all.spans.push(...spans);
  }
  for (const [what, list] of Object.entries(all)) {
    const figures = list.length === 0 ? ['-', '-', '-'] : [0.5, 0.9, 1].map((share) => quantile(list, share));
    console.log(row([`${name} ${what}`, list.length, ...figures], widths));
  }
}

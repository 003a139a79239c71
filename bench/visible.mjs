/**
 * How long it takes until a collector has what a CLI told.
 *
 *     npm run build && node bench/visible.mjs [runs]
 *
 * Each run is one session of the real CLI against a mock of its model, with `--forward` to a collector of the bench's own that notes when
 * what arrives. Measured: from the arrival of a CLI's request at ai-trace (as `--record` notes it) to that of the same log record at the
 * collector, and to that of the LLM or tool span the record tells of. How long a CLI itself sits on a record before it sends is not in it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { clis, ensureCli } from '../scripts/clis.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = Math.max(1, Number(process.argv[2] ?? 3) || 0);
for (const name of Object.keys(clis)) await ensureCli(name);

// The mocks are the tests' own, in TypeScript.
const folder = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, 'measure.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['bench/visible/measure.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
const { measure } = await import(pathToFileURL(bundle).href);

console.log(`${runs} sessions each, ms until the collector has it\n`);
console.log(['', 'number', 'median', 'p90', 'max'].map(cell).join(''));
for (const name of Object.keys(clis)) {
  const all = { logs: [], spans: [] };
  for (let run = 0; run < runs; run += 1) {
    const { logs, spans } = await measure(name, join(root, 'bin', 'ai-trace.js'));
    all.logs.push(...logs);
    all.spans.push(...spans);
  }
  for (const [what, list] of Object.entries(all)) {
    const figures = list.length === 0 ? ['-', '-', '-'] : [0.5, 0.9, 1].map((share) => quantile(list, share));
    console.log([`${name} ${what}`, list.length, ...figures].map(cell).join(''));
  }
}

function quantile(list, share) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
}

function cell(value, column) {
  return column === 0 ? String(value).padEnd(18) : String(value).padStart(11);
}

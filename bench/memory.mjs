/**
 * The most memory that ai-trace needs (VmHWM of its own process, without the CLI's), MB.
 *
 *     npm run build && node bench/memory.mjs [megabytes]
 *
 * First while so much arrives from a stand-in in the CLI's place and the collector is not there, or hangs: as records of Codex without
 * content (then 500 MB are one session of 97,000 calls of the model), with the text of prompts and tools in them, and as the recorded
 * sessions of each CLI, again and again with fresh ids (load/recordings.ts); then in a usual session of each real CLI against a mock
 * of its model.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clis, ensureCli } from '../scripts/clis.mjs';
import { load } from '../scripts/typescript.mjs';
import { createPlace, runSession } from './load/session.mjs';
import { row } from './support/figures.mjs';

const megabytes = Math.max(1, Number(process.argv[2] ?? 500) || 0);
const executables = {};
for (const name of Object.keys(clis)) executables[name] = await ensureCli(name);
const { startFaultyCollector, runSession: runCli } = await load('bench/cli/session.ts');
const place = await createPlace();
const widths = [30, 9, 9, 9, 9, 9];

console.log(`${megabytes} MB from a stand-in\n`);
console.log(row(['', 'peak MB', 'records', 'seconds', 'spooled', 'dropped'], widths));
const sizes = [
  { name: 'records of 0.5 kB', batch: 512 },
  { name: 'records of 10 kB', batch: 64, text: 10_000 },
];
for (const [kind, { name, ...size }] of ['closed', 'hang'].flatMap((kind) =>
  sizes.map((size) => [kind, size]),
)) {
  const collector = await startFaultyCollector({ behaviour: { kind }, keeps: false, reads: false });
  const bytes = megabytes * 1e6;
  const figures = { rounds: 20, ...size, connections: 4, seconds: 600, bytes };
  const result = await runSession(place, { own: ['--forward', collector.url], load: figures });
  const { spooled, dropped } = result.receipt.telemetry;
  const { peakMb, records, seconds } = result;
  console.log(
    row([`${kind}, ${name}`, peakMb.toFixed(0), records, seconds.toFixed(1), spooled, dropped], widths),
  );
  await collector.close();
}

const recorded = await createPlace(undefined, 'bench/load/recorded-cli.ts');
console.log(`\n${megabytes} MB of recorded sessions\n`);
console.log(row(['', 'peak MB', 'sessions', 'seconds', 'spooled', 'dropped'], widths));
for (const cli of Object.keys(executables)) {
  const behaviour = { kind: 'closed' };
  const collector = await startFaultyCollector({ behaviour, keeps: false, reads: false });
  const load = { bytes: megabytes * 1e6 };
  const { peakMb, seconds, receipt } = await runSession(recorded, {
    cli,
    own: ['--forward', collector.url],
    load,
  });
  const { spooled, dropped } = receipt.telemetry;
  const cells = [peakMb.toFixed(0), receipt.session_ids.length, seconds.toFixed(1), spooled, dropped];
  console.log(row([`${cli}, closed`, ...cells], widths));
  await collector.close();
}

console.log('\nA session of the real CLI: a prompt, a tool, an answer\n');
console.log(row(['', 'peak MB'], widths));
const folder = mkdtempSync(join(tmpdir(), 'ai-trace-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const aiTrace = fileURLToPath(new URL('../bin/ai-trace.js', import.meta.url));
const probe = fileURLToPath(new URL('load/probe.cjs', import.meta.url));
for (const [name, executable] of Object.entries(executables)) {
  for (const kind of ['ok', 'closed']) {
    const collector = await startFaultyCollector({ behaviour: { kind }, keeps: false, reads: false });
    const file = join(folder, `${name}-${kind}.json`);
    const command = [process.execPath, '--require', probe, aiTrace];
    const way = { kind: 'ai-trace', command, own: ['--forward', collector.url] };
    await runCli(name, executable, way, { BENCH_PROBE: file });
    console.log(row([`${name}, ${kind}`, JSON.parse(readFileSync(file, 'utf8')).peakMb.toFixed(0)], widths));
    await collector.close();
  }
}

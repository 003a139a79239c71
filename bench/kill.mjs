/**
 * What is lost when ai-trace is killed (SIGKILL) in the midst of sessions: nothing that it acknowledged.
 *
 *     npm run build && node bench/kill.mjs [rounds] [seed]
 *
 * In each round a stand-in in Codex's place posts numbered log records and notes those that were acknowledged, in every tenth round ten
 * of them at once; the collector takes them, is not there, hangs, is slow or says 503; ai-trace is killed at a random moment. Several
 * rounds share a state folder. At the end of each such series `ai-trace flush` sends what is left to a collector that works.
 * Exit status 1 when an acknowledged record is missing then or a receipt is broken, and when nothing was acknowledged at all.
 */
import { fileURLToPath } from 'node:url';
import { bundle, load } from '../scripts/typescript.mjs';
import { row } from './support/figures.mjs';

const rounds = Math.max(1, Number(process.argv[2] ?? 200) || 0);
const seed = Number(process.argv[3] ?? Date.now() % 1e6);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const { killRounds } = await load('bench/kill/rounds.ts');
console.log(`${rounds} rounds, seed ${seed}\n`);
const { brokenReceipts, flushErrors, ...figures } = await killRounds({
  aiTrace: path('../bin/ai-trace.js'),
  standin: await bundle('bench/kill/cli.ts'),
  recording: path('../test/fixtures/captures/codex/exec-tool'),
  rounds,
  seed,
});
const counts = { ...figures, 'broken receipts': brokenReceipts.length, 'failed flushes': flushErrors.length };
for (const [name, count] of Object.entries(counts)) console.log(row([name, count], [20, 10]));
for (const text of [...brokenReceipts, ...new Set(flushErrors)]) console.error(text);
const proved = figures.acknowledged > 0 && figures.lost === 0 && brokenReceipts.length === 0;
process.exitCode = proved ? 0 : 1;

/**
 * How much ai-trace takes from a CLI, and how soon it says so.
 *
 *     npm run build && node bench/listener.mjs [seconds]
 *
 * A stand-in in Codex's place (load/cli.ts) posts real Codex records, made into long turns, over 4 keep-alive connections: as fast as it
 * is answered, or 20,000 records a second. First ai-trace has one core for itself, all its threads together, and the stand-in and the
 * collector share the others (by `taskset`): what it does itself. Then all of them share all cores, as on a desk.
 *
 * left: records that were answered and not understood before the end; they are in the journal, for the next run.
 * ack: from the moment a request was sent (or was to be sent, had there been an answer to the one before) until it was answered.
 * behind: how long ai-trace went on after the stand-in's end, ms, which is where records go that were answered but not worked off.
 * block: the longest time its event loop stood still. CPU and peak RSS (VmHWM) are those of ai-trace alone.
 */

import { load } from '../scripts/typescript.mjs';
import { canPin, createPlace, runSession } from './load/session.mjs';
import { quantile, row } from './support/figures.mjs';

const seconds = Math.max(1, Number(process.argv[2] ?? 10) || 0);
const { startFaultyCollector } = await load('test/support/faults/collector.ts');

const loads = [
  { batch: 1 },
  { batch: 50 },
  { batch: 512 },
  { batch: 50, rate: 20_000 },
  { batch: 512, rate: 20_000 },
];
const widths = [32, 11, 9, 9, 9, 7, 7, 8, 8, 8, 9];
const head = [
  '',
  'records/s',
  'ack p50',
  'p99',
  'max',
  'CPU',
  'RSS',
  'block',
  'behind',
  'failed',
  'left',
  'spooled',
  'dropped',
];
const places = [
  ...(canPin
    ? [{ name: 'ai-trace alone on one core, stand-in and collector on the others', isPinned: true }]
    : []),
  { name: 'ai-trace, stand-in and collector on all cores', isPinned: false },
];

console.log(`${seconds} s each; ack, block, behind in ms; CPU in s; RSS in MB`);
for (const { name, isPinned } of places) {
  const place = await createPlace(isPinned);
  console.log(`\n${name}\n`);
  console.log(row(head, widths));
  for (const forward of ['none', 'ok', 'closed']) {
    for (const figures of loads) console.log(row(await measured(place, forward, figures), widths));
  }
}

async function measured(place, forward, { batch, rate }) {
  const kind = forward === 'none' ? 'ok' : forward;
  // What it decoded would be taken from the stand-in.
  const collector = await startFaultyCollector({ behaviour: { kind }, keeps: false, reads: false });
  const own = ['--forward', forward === 'none' ? 'none' : collector.url];
  const figures = { rounds: 20, batch, connections: 4, seconds, ...(rate && { rate }) };
  const result = await runSession(place, { own, load: figures });
  await collector.close();
  return [`${forward}, ${batch} a request${rate ? `, ${rate}/s` : ''}`, ...cells(result)];
}

function cells({
  records,
  seconds: took,
  latencies,
  cpuSeconds,
  peakMb,
  blockedMs,
  afterMs,
  failed,
  receipt,
}) {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => quantile(latencies, share)?.toFixed(1) ?? '-');
  const { received, spooled, dropped } = receipt.telemetry;
  return [
    Math.round(records / took),
    p50,
    p99,
    max,
    cpuSeconds.toFixed(1),
    peakMb.toFixed(0),
    blockedMs.toFixed(0),
    afterMs,
    failed,
    records - received.logs,
    spooled,
    dropped,
  ];
}

import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from '../../test/support/faults/behaviour.ts';
import { type FaultyCollector, startFaultyCollector } from '../../test/support/faults/collector.ts';
import type { Running } from '../../test/support/run.ts';
import { idKey, idOf } from '../load/batches.ts';
import { createPlace, type Place } from './place.ts';
import { Random } from './random.ts';

export interface KillOptions {
  /** Path of the built program. */
  aiTrace: string;
  /** Path of cli.ts as one file that Node runs. */
  standin: string;
  /** Folder of a recording of Codex. */
  recording: string;
  rounds: number;
  /** The same seed makes the same rounds; when a kill hits is up to the machine. */
  seed: number;
}

export interface KillOutcome {
  rounds: number;
  sessions: number;
  /** Sessions that were killed before they ended by themselves. */
  killed: number;
  /** Homes, each with a state folder of its own: several rounds in a row share one. */
  homes: number;
  /** Log records whose sender was told 200. */
  acknowledged: number;
  /** Those that the collector has, whether or not their sender was told. */
  delivered: number;
  /** Acknowledged, and not delivered even by `ai-trace flush`. */
  lost: number;
  /** Delivered more than once. */
  doubled: number;
  receipts: number;
  /** Sessions of which something was acknowledged, and no receipt came. */
  missingReceipts: number;
  /** Receipts that are no JSON. */
  brokenReceipts: string[];
  /** What `ai-trace flush` said where it failed. */
  flushErrors: string[];
}

const behaviours: readonly [Behaviour, ...Behaviour[]] = [
  { kind: 'ok' },
  { kind: 'closed' },
  { kind: 'hang' },
  { kind: 'status', status: 503 },
  { kind: 'slow', ms: 500 },
];

/** More than one session ever sends. */
const idsPerSession = 100_000;
/** The longest that one may run before it is killed, from its start or from its first acknowledgement. ms */
const latestKillMs = 1000;
/** Share of those killed that are so only when something was acknowledged. */
const heard = 0.75;
/** Share of the sessions that are left to end by themselves. */
const spared = 0.2;

/** Kills ai-trace in the midst of sessions, round after round, and then looks what became of what it had acknowledged. */
export async function killRounds(options: KillOptions): Promise<KillOutcome> {
  const random = new Random(options.seed);
  const collector = await startFaultyCollector({ idKey, keeps: false });
  const outcome: KillOutcome = {
    rounds: options.rounds,
    sessions: 0,
    killed: 0,
    homes: 0,
    acknowledged: 0,
    delivered: 0,
    lost: 0,
    doubled: 0,
    receipts: 0,
    missingReceipts: 0,
    brokenReceipts: [],
    flushErrors: [],
  };
  try {
    for (let round = 0; round < options.rounds; ) {
      const place = await createPlace(options.aiTrace, options.standin);
      outcome.homes += 1;
      const kept = Math.min(random.between(1, 8), options.rounds - round);
      const acknowledged: string[][] = [];
      for (let i = 0; i < kept; i += 1, round += 1) {
        await collector.become(random.oneOf(behaviours));
        // Several at once share the state folder.
        const count = round % 10 === 9 ? 10 : 1;
        const sessions = Array.from({ length: count }, () =>
          runSession(place, collector, random, options, outcome),
        );
        acknowledged.push(...(await Promise.all(sessions)));
      }
      await collector.become({ kind: 'ok' });
      await flush(place, collector, outcome);
      account(place, collector, acknowledged, outcome);
      await place.remove();
    }
  } finally {
    await collector.close();
  }
  return outcome;
}

/** @returns the numbers of the records that were acknowledged */
async function runSession(
  place: Place,
  collector: FaultyCollector,
  random: Random,
  { recording }: KillOptions,
  outcome: KillOutcome,
): Promise<string[]> {
  outcome.sessions += 1;
  const acknowledged = place.file(`acknowledged-${outcome.sessions}`);
  const told = {
    recording,
    firstId: outcome.sessions * idsPerSession,
    requests: random.between(5, 200),
    batch: random.oneOf([1, 5, 50]),
    pauseMs: random.between(0, 10),
    acknowledged,
  };
  const killAfterMs = random.next() < spared ? null : random.between(0, latestKillMs);
  const isHeard = random.next() < heard;
  const running = place.start(['--forward', collector.url, 'codex'], { BENCH_KILL: JSON.stringify(told) });
  if (killAfterMs !== null) {
    if (isHeard) while (!existsSync(acknowledged) && (await outlives(running, 5))) {}
    if (await outlives(running, killAfterMs)) {
      running.kill('SIGKILL');
      outcome.killed += 1;
    }
  }
  // Of the stand-in too: it has ai-trace's streams.
  await running.result;
  return existsSync(acknowledged) ? readFileSync(acknowledged, 'utf8').split('\n').filter(Boolean) : [];
}

async function outlives({ result }: Running, ms: number): Promise<boolean> {
  return Promise.race([result.then(() => false), sleep(ms, true)]);
}

async function flush(place: Place, collector: FaultyCollector, outcome: KillOutcome): Promise<void> {
  const { code, stderr } = await place.start(['flush', '--forward', collector.url], {}).result;
  if (code !== 0) outcome.flushErrors.push(`${code}: ${stderr.trim()}`);
}

function account(
  place: Place,
  { identities }: FaultyCollector,
  acknowledged: readonly (readonly string[])[],
  outcome: KillOutcome,
): void {
  const { whole, broken } = place.receipts();
  const ids = acknowledged.flat();
  outcome.acknowledged += ids.length;
  outcome.lost += ids.filter((id) => !identities.has(idOf(Number(id)))).length;
  const telling = acknowledged.filter(({ length }) => length > 0).length;
  // Others may have left one too: killed before they received anything, or told nothing.
  outcome.missingReceipts += Math.max(0, telling - whole - broken.length);
  // All homes send to the one collector.
  outcome.delivered = identities.size;
  outcome.doubled = [...identities.values()].filter((times) => times > 1).length;
  outcome.receipts += whole;
  outcome.brokenReceipts.push(...broken);
}

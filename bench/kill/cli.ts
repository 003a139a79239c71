/**
 * A stand-in for Codex CLI which posts log records one request after the other and writes down each that was acknowledged: its number
 * on a line of the file that BENCH_KILL names. It ends when it is done, or when nobody answers any more.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { Batches, longTurn } from '../load/batches.ts';
import { logsEndpoint } from '../load/endpoint.ts';

/** What BENCH_KILL holds, as JSON. */
export interface Told {
  /** Folder of a recording of Codex; its logs are what is sent. */
  recording: string;
  /** Number of the first record; no other session uses it or those behind it. */
  firstId: number;
  requests: number;
  /** Records of each. */
  batch: number;
  /** Between two requests, ms. */
  pauseMs: number;
  /** Where the acknowledged numbers go. */
  acknowledged: string;
}

const told: Told = JSON.parse(process.env['BENCH_KILL'] ?? '{}');
const { recording, firstId, requests, batch, pauseMs, acknowledged } = told;
const { url, headers } = logsEndpoint(process.argv, process.env);
const batches = new Batches(longTurn(recording, 5), batch, Date.now(), firstId);
for (let i = 0; i < requests; i += 1) {
  if (!(await isTaken(batches.request(i * batch)))) break;
  const numbers = Array.from({ length: batch }, (_, k) => `${firstId + i * batch + k}\n`);
  appendFileSync(acknowledged, numbers.join(''));
  await sleep(pauseMs);
}

async function isTaken(body: Buffer): Promise<boolean> {
  try {
    const answer = await request(url, { method: 'POST', headers, body });
    // The status is the acknowledgement: what breaks off behind it takes nothing back.
    await answer.body.dump().catch(() => {});
    return answer.statusCode === 200;
  } catch {
    return false;
  }
}

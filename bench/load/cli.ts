/**
 * A stand-in for Codex CLI which posts log requests to the endpoint that its arguments name, and says on the file that BENCH_LOAD names
 * what became of them.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { Batches, longer, longTurn } from './batches.ts';
import { logsEndpoint } from './endpoint.ts';

/** What BENCH_LOAD holds, as JSON. */
export interface Load {
  /** Folder of a recording of Codex; its logs are what is sent. */
  recording: string;
  /** Tools of each turn; a turn has 14 records and 9 more for each tool. */
  rounds: number;
  /** What each record is made longer by, as prompts, arguments and output make it. Bytes; 0 without it. */
  text?: number;
  /** Records of a request. */
  batch: number;
  connections: number;
  /** Ends after this long, or when so many bytes were taken, whatever comes first. */
  seconds: number;
  bytes?: number;
  /** Records a second; as fast as possible without it. */
  rate?: number;
  /** Where the result goes, as JSON. */
  result: string;
}

export interface LoadResult {
  /** From the first request to the last answer. */
  seconds: number;
  /** What was answered 200. */
  requests: number;
  records: number;
  bytes: number;
  /** Answered otherwise, or not at all. */
  failed: number;
  /**
   * Of each acknowledgement after the first second, in ms since the request was sent; with a rate, since its turn came if an answer was
   * waited for until then.
   */
  latencies: number[];
}

/** A CLI says its first word later than this, when ai-trace has loaded. ms */
const warmUpMs = 1000;

const load: Load = JSON.parse(process.env['BENCH_LOAD'] ?? '{}');
const { url, headers } = logsEndpoint(process.argv, process.env);
const pool = new Pool(url.origin, { connections: load.connections, pipelining: 1 });
const batches = new Batches(
  longer(longTurn(load.recording, load.rounds), load.text ?? 0),
  load.batch,
  Date.now(),
);
const result: LoadResult = { seconds: 0, requests: 0, records: 0, bytes: 0, failed: 0, latencies: [] };
let sent = 0;
batches.prepare();

const started = performance.now();
await Promise.all(Array.from({ length: load.connections }, worker));
result.seconds = (performance.now() - started) / 1000;
await pool.close();
writeFileSync(load.result, JSON.stringify(result));

async function worker(): Promise<void> {
  while (performance.now() - started < load.seconds * 1000 && result.bytes < (load.bytes ?? Infinity)) {
    const first = sent;
    sent += batches.size;
    const body = batches.request(first);
    const turn = load.rate === undefined ? 0 : started + (first / load.rate) * 1000;
    const wait = turn - performance.now();
    if (wait > 0) await sleep(wait);
    // Who slept for too long has not waited for an answer.
    await post(body, wait > 0 || turn === 0 ? performance.now() : turn);
  }
}

async function post(body: Buffer, due: number): Promise<void> {
  try {
    const answer = await pool.request({ method: 'POST', path: url.pathname, headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
    if (due - started >= warmUpMs) result.latencies.push(performance.now() - due);
    result.requests += 1;
    result.records += batches.size;
    result.bytes += body.length;
  } catch {
    result.failed += 1;
    await sleep(10);
  }
}

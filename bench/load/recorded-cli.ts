/**
 * A stand-in for any of the CLIs which sends the recordings of the real one again and again, with fresh ids, one request after the other,
 * and says on the file that BENCH_LOAD names what became of them.
 */
import { writeFileSync } from 'node:fs';
import { Pool } from 'undici';
import { endpointOf } from './endpoint.ts';
import { Recordings } from './recordings.ts';

/** What BENCH_LOAD holds, as JSON. */
interface Load {
  /** Folder of all recordings of the CLI. */
  recordings: string;
  /** Ends when so many bytes were taken. */
  bytes: number;
  /** Where the result goes, as JSON. */
  result: string;
}

const load: Load = JSON.parse(process.env['BENCH_LOAD'] ?? '{}');
const { url, headers } = endpointOf(process.argv, process.env);
const pool = new Pool(url.origin, { connections: 1, pipelining: 1 });
const recordings = new Recordings(load.recordings);
const result = { seconds: 0, requests: 0, rounds: 0, bytes: 0, failed: 0 };

const started = performance.now();
while (result.bytes < load.bytes && result.failed < 100) {
  for (const { signal, contentType, body } of recordings.round(result.rounds)) {
    const path = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`;
    const answer = await pool.request({
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': contentType },
      body,
    });
    await answer.body.dump();
    if (answer.statusCode === 200) result.bytes += body.length;
    else result.failed += 1;
    result.requests += 1;
  }
  result.rounds += 1;
}
result.seconds = (performance.now() - started) / 1000;
await pool.close();
writeFileSync(load.result, JSON.stringify(result));

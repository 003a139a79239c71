import { fileURLToPath } from 'node:url';
import type { Backend, BackendName } from '../../../scripts/backends.mjs';
import type { CliName } from '../../../scripts/clis.mjs';
import type { Receipt } from '../../../src/report/receipt.ts';
import { startLoki } from './loki.ts';
import { settledExposition, startOtelcol } from './otelcol.ts';
import type { Transform } from './otelcol-config.ts';
import { startPhoenix } from './phoenix.ts';
import type { Program } from './program.ts';
import { startPrometheus } from './prometheus.ts';
import { runSession } from './run-session.ts';

const aiTrace = fileURLToPath(new URL('../../../bin/ai-trace.js', import.meta.url));

/** One session of each CLI, and where it went. */
export interface Live {
  receipts: Record<CliName, Receipt>;
  /** What the collector wrote, for `readExported`. */
  folder: string;
  /** What the collector showed in OpenMetrics' text format. */
  exposition: string;
  /** URL; null where it cannot be had. */
  prometheus: string | null;
  loki: string | null;
  phoenix: string | null;
}

/**
 * Runs one session of each CLI, sent to a collector and from there to all stores. The collector has ended then and all is delivered; the
 * stores go on.
 * @param started gets what is to be removed in the end, also after a failure
 */
export async function runLive(
  collectorPath: string,
  transform: Transform,
  backends: Readonly<Record<BackendName, Backend>>,
  started: Program[],
): Promise<Live> {
  const start = async (name: BackendName, startIt: typeof startLoki): Promise<string | null> => {
    const backend = backends[name];
    if ('missing' in backend) return null;
    const program = await startIt(backend.executable);
    started.push(program);
    return program.url;
  };
  const [prometheus, loki, phoenix] = await Promise.all([
    start('prometheus', startPrometheus),
    start('loki', startLoki),
    start('phoenix', startPhoenix),
  ]);
  const stores = {
    ...(prometheus !== null && { prometheus: `${prometheus}/api/v1/otlp` }),
    ...(loki !== null && { loki: `${loki}/otlp` }),
    ...(phoenix !== null && { phoenix }),
  };
  const collector = await startOtelcol({ executable: collectorPath, transform, stores });
  started.push(collector);
  const options = { aiTrace, own: ['--forward', collector.url] };
  const receipts = {
    codex: await runSession('codex', options),
    gemini: await runSession('gemini', options),
    claude: await runSession('claude', options),
  };
  const exposition = await settledExposition(collector);
  await collector.stop();
  return { receipts, folder: collector.folder, exposition, prometheus, loki, phoenix };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts, getJson, type Program, programFolder, startProgram } from './program.ts';

/** A log line with its index labels and its structured metadata, which Loki answers as one. */
export interface LokiEntry {
  labels: Readonly<Record<string, string>>;
  /** Unix ns. */
  at: string;
  line: string;
}

/** Starts the real Loki, which takes OTLP at `<url>/otlp`. */
export async function startLoki(executable: string): Promise<Program & { url: string }> {
  const folder = await programFolder('loki');
  const [http = 0, grpc = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${http}`;
  const config = join(folder, 'loki.json');
  await writeFile(config, JSON.stringify(configuration(folder, http, grpc)));
  const command = [executable, `-config.file=${config}`];
  const isReady = async () => (await (await fetch(`${url}/ready`)).text()).trim() === 'ready';
  return { url, ...(await startProgram({ name: 'Loki', command, folder, isReady })) };
}

/** What its own documentation gives for a single node that keeps all in files; the limits are the defaults. */
function configuration(folder: string, http: number, grpc: number) {
  const address = '127.0.0.1';
  return {
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: address,
      http_listen_port: http,
      grpc_listen_address: address,
      grpc_listen_port: grpc,
      log_level: 'warn',
    },
    common: {
      instance_addr: address,
      path_prefix: folder,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: { chunks_directory: join(folder, 'chunks'), rules_directory: join(folder, 'rules') },
      },
    },
    ingester: { lifecycler: { min_ready_duration: '0s' } },
    schema_config: {
      configs: [
        {
          from: '2024-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
  };
}

/** The entries of the last hour that a LogQL log query finds, oldest first. */
export async function findLogs(loki: string, logQl: string): Promise<LokiEntry[]> {
  const url = new URL('/loki/api/v1/query_range', loki);
  url.search = new URLSearchParams({
    query: logQl,
    since: '1h',
    limit: '5000',
    direction: 'forward',
  }).toString();
  const { data } = await getJson<{
    data: { result: { stream: Record<string, string>; values: [string, string][] }[] };
  }>(url);
  return data.result
    .flatMap(({ stream, values }) => values.map(([at, line]) => ({ labels: stream, at, line })))
    .sort((a, b) => (BigInt(a.at) < BigInt(b.at) ? -1 : 1));
}

/** The one number that a LogQL metric query answers. @throws {Error} when it answers none or several */
export async function countLogs(loki: string, logQl: string): Promise<number> {
  const url = new URL('/loki/api/v1/query', loki);
  url.searchParams.set('query', logQl);
  const { data } = await getJson<{ data: { result: { value: [number, string] }[] } }>(url);
  const [sample, ...others] = data.result;
  if (!sample || others.length > 0) throw new Error(`${logQl}: ${sample ? 1 + others.length : 'no'} values`);
  return Number(sample.value[1]);
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answers, freePorts, getJson, type Program, programFolder, startProgram } from './program.ts';

interface Sample {
  metric: Readonly<Record<string, string>>;
  value: number;
}

export interface Exemplar {
  labels: Readonly<Record<string, string>>;
  value: string;
}

/**
 * Starts the real Prometheus, which takes OTLP at `<url>/api/v1/otlp` and remote writes at `<url>/api/v1/write`.
 * @param configuration as in its file, which is YAML and so may be JSON
 */
export async function startPrometheus(
  executable: string,
  configuration: object = {},
): Promise<Program & { url: string }> {
  const folder = await programFolder('prometheus');
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'prometheus.json');
  await writeFile(config, JSON.stringify(configuration));
  const command = [
    executable,
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-otlp-receiver',
    '--web.enable-remote-write-receiver',
    '--enable-feature=exemplar-storage',
    // What a session sent last is still its figure when the tests ask, a slow machine's minutes later.
    '--query.lookback-delta=1h',
  ];
  const isReady = () => answers(`${url}/-/ready`);
  return { url, ...(await startProgram({ name: 'Prometheus', command, folder, isReady })) };
}

/** The answer to a PromQL query, now. */
export async function query(prometheus: string, promQl: string): Promise<Sample[]> {
  const url = new URL('/api/v1/query', prometheus);
  url.searchParams.set('query', promQl);
  const { data } = await getJson<{
    data: { result: { metric: Sample['metric']; value: [number, string] }[] };
  }>(url);
  return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}

/** The one number that a PromQL query answers. @throws {Error} when it answers none or several */
export async function queryOne(prometheus: string, promQl: string): Promise<number> {
  const [sample, ...others] = await query(prometheus, promQl);
  if (!sample || others.length > 0) throw new Error(`${promQl}: ${sample ? 1 + others.length : 'no'} values`);
  return sample.value;
}

/** The exemplars of the last hour in the series of a selector. */
export async function exemplars(prometheus: string, selector: string): Promise<Exemplar[]> {
  const url = new URL('/api/v1/query_exemplars', prometheus);
  const now = Date.now() / 1000;
  url.searchParams.set('query', selector);
  url.searchParams.set('start', String(now - 3600));
  url.searchParams.set('end', String(now + 60));
  const { data } = await getJson<{ data: { exemplars: Exemplar[] }[] }>(url);
  return data.flatMap((series) => series.exemplars);
}

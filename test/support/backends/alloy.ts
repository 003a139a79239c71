import { freePorts, type Program, programFolder, startProgram } from './program.ts';

export interface Alloy extends Program {
  /** OTLP/HTTP base URL. */
  url: string;
  /** Its own, and what it keeps below it. */
  folder: string;
}

export interface AlloyOptions {
  executable: string;
  /** Absolute path of the configuration. */
  config: string;
  /** What the configuration's variables are. */
  env: Readonly<Record<string, string>>;
  stability?: 'generally-available' | 'public-preview' | 'experimental';
  /** Of one that ended: its queue goes on. */
  folder?: string;
}

/** Starts the real Alloy with a shipped configuration. */
export async function startAlloy(options: AlloyOptions): Promise<Alloy> {
  const { executable, config, env, stability = 'generally-available' } = options;
  const folder = options.folder ?? (await programFolder('alloy'));
  const [own = 0, http = 0, grpc = 0] = await freePorts(3);
  const url = `http://127.0.0.1:${http}`;
  const program = await startProgram({
    name: 'Alloy',
    command: [
      executable,
      'run',
      '--disable-reporting',
      `--stability.level=${stability}`,
      `--server.http.listen-addr=127.0.0.1:${own}`,
      `--storage.path=${folder}`,
      config,
    ],
    env: {
      AI_TRACE_OTLP_HTTP: `127.0.0.1:${http}`,
      AI_TRACE_OTLP_GRPC: `127.0.0.1:${grpc}`,
      ...env,
    },
    folder,
    isReady: async () => (await fetch(`${url}/v1/logs`, { method: 'POST', headers: json, body: '{}' })).ok,
  });
  return { url, folder, ...program };
}

const json = { 'content-type': 'application/json' };

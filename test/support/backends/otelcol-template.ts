import { freePorts, type Program, programFolder, startProgram } from './program.ts';

export interface TemplateCollector extends Program {
  /** OTLP/HTTP base URL. */
  url: string;
  /** Where it was started. */
  folder: string;
}

export interface TemplateCollectorOptions {
  executable: string;
  /** Absolute path of the configuration. */
  config: string;
  /** What the configuration's variables are. */
  env: Readonly<Record<string, string>>;
  /** Of one that ended: its queue goes on. */
  folder?: string;
}

/** Starts the real OpenTelemetry Collector with a shipped configuration. */
export async function startTemplateCollector(options: TemplateCollectorOptions): Promise<TemplateCollector> {
  const { executable, config, env } = options;
  const folder = options.folder ?? (await programFolder('otelcol'));
  const [http = 0, grpc = 0, own = 0] = await freePorts(3);
  const url = `http://127.0.0.1:${http}`;
  // Its own metrics are on a port that is always the same.
  const metrics = `yaml:service::telemetry::metrics::readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: ${own}}}}}]`;
  const program = await startProgram({
    name: 'the collector',
    command: [executable, '--config', config, '--config', metrics],
    env: { AI_TRACE_OTLP_HTTP: `127.0.0.1:${http}`, AI_TRACE_OTLP_GRPC: `127.0.0.1:${grpc}`, ...env },
    folder,
    isReady: async () => (await fetch(`${url}/v1/logs`, { method: 'POST', headers: json, body: '{}' })).ok,
  });
  return { url, folder, ...program };
}

const json = { 'content-type': 'application/json' };

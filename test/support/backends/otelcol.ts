import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode } from '../../../src/otlp/codec.ts';
import type { ExportRequest, Signal } from '../../../src/otlp/types.ts';
import { otelcolConfig, type Stores, type Transform } from './otelcol-config.ts';
import { freePorts, type Program, programFolder, startProgram } from './program.ts';

const signals = ['logs', 'traces', 'metrics'] as const satisfies readonly Signal[];

export interface Otelcol extends Program {
  /** OTLP/HTTP base URL. */
  url: string;
  /** `grpc://127.0.0.1:<port>` */
  grpcUrl: string;
  /** What its exporter for Prometheus shows now, in Prometheus' text format or, with exemplars, in that of OpenMetrics. */
  exposition(format?: 'prometheus' | 'openmetrics'): Promise<string>;
  /** For `readExported`. */
  folder: string;
}

export interface Exported {
  signal: Signal;
  request: ExportRequest;
}

export interface OtelcolOptions {
  /** Path of the collector. */
  executable: string;
  transform: Transform;
  stores?: Stores;
}

/** Starts the real OpenTelemetry Collector with `otelcolConfig`. It delivers and writes all it holds when it is stopped. */
export async function startOtelcol({ executable, transform, stores = {} }: OtelcolOptions): Promise<Otelcol> {
  const folder = await programFolder('otelcol');
  const [http = 0, grpc = 0, exposition = 0] = await freePorts(3);
  const config = join(folder, 'config.json');
  await writeFile(
    config,
    JSON.stringify(otelcolConfig({ http, grpc, exposition, folder }, transform, stores)),
  );
  const url = `http://127.0.0.1:${http}`;
  const program = await startProgram({
    name: 'the collector',
    command: [executable, '--config', config],
    folder,
    // It starts its receivers last.
    isReady: async () => (await fetch(`${url}/v1/logs`, { method: 'POST', headers: json, body: '{}' })).ok,
  });
  return {
    url,
    grpcUrl: `grpc://127.0.0.1:${grpc}`,
    exposition: async (format = 'prometheus') => {
      const headers: Record<string, string> =
        format === 'openmetrics' ? { accept: 'application/openmetrics-text; version=1.0.0' } : {};
      return (await fetch(`http://127.0.0.1:${exposition}/metrics`, { headers })).text();
    },
    folder,
    ...program,
  };
}

const json = { 'content-type': 'application/json' };

/** What it shows when nothing more comes in, in OpenMetrics' text format. @throws {Error} when that takes 30 seconds */
export async function settledExposition({ exposition }: Otelcol): Promise<string> {
  let last = '';
  for (let attempt = 0; attempt < 30; attempt += 1) {
    // The order of its lines changes, with OpenMetrics that of an exemplar's labels too.
    const shown = (await exposition()).split('\n').sort().join('\n');
    if (shown === last) return exposition('openmetrics');
    last = shown;
    // Longer than a batch waits.
    await sleep(1000);
  }
  throw new Error('the collector shows something new each second');
}

/** The requests a collector wrote, one OTLP/JSON request a line; all of them once it has been stopped. */
export async function readExported(folder: string): Promise<Exported[]> {
  const exported: Exported[] = [];
  for (const signal of signals) {
    const text = await readFile(join(folder, `${signal}.jsonl`), 'utf8');
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const decoded = decode(signal, 'application/json', Buffer.from(line));
      if (!decoded.ok) throw new Error(`the collector wrote ${decoded.reason}`);
      exported.push({ signal, request: decoded.request });
    }
  }
  return exported;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';

const signals = ['logs', 'traces', 'metrics'] as const satisfies readonly Signal[];
const config = fileURLToPath(new URL('../backends/collector.yaml', import.meta.url));

export interface Otelcol {
  /** OTLP/HTTP base URL. */
  url: string;
  /** What its exporter for Prometheus shows now. */
  metrics(): Promise<string>;
  /** Ends it, for it writes all it holds then; gives the requests it wrote. */
  stop(): Promise<Exported[]>;
}

export interface Exported {
  signal: Signal;
  request: ExportRequest;
}

/** Starts the real OpenTelemetry Collector with `test/backends/collector.yaml`; it is gone when the test ends. */
export async function startOtelcol(executable: string): Promise<Otelcol> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-trace-otelcol-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [http, prometheus] = await freePorts();
  const child = spawn(executable, ['--config', config], {
    env: { HOME: folder, HTTP_PORT: String(http), PROMETHEUS_PORT: String(prometheus), OUT: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close');
  const end = async () => {
    child.kill();
    await ended;
  };
  onTestFinished(end);
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk;
  });
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the collector ended with ${child.exitCode}: ${told}`);
    return told.includes('Everything is ready') ? true : undefined;
  });
  return {
    url: `http://127.0.0.1:${http}`,
    metrics: async () => (await fetch(`http://127.0.0.1:${prometheus}/metrics`)).text(),
    stop: async () => {
      await end();
      const files = signals.map(async (signal) =>
        exportedIn(signal, await readFile(join(folder, `${signal}.jsonl`), 'utf8')),
      );
      return (await Promise.all(files)).flat();
    },
  };
}

/** Asks again until there is an answer. @throws {Error} after ten seconds */
async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(50);
  }
  throw new Error('the collector is not where it should be after ten seconds');
}

/** Two ports nobody listens on. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const [first, second] = servers;
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports: [number, number] = [portOf(first.address()), portOf(second.address())];
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

/** The file exporter writes one OTLP/JSON request a line. */
function exportedIn(signal: Signal, lines: string): Exported[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const decoded = decode(signal, 'application/json', Buffer.from(line));
      if (!decoded.ok) throw new Error(`the collector wrote ${decoded.reason}`);
      return { signal, request: decoded.request };
    });
}

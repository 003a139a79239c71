import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CliName } from '../../scripts/clis.mjs';
import { text } from '../../src/otlp/attributes.ts';
import { decode } from '../../src/otlp/codec.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { runSession } from '../../test/support/backends/run-session.ts';
import { logsIn, type SeenLog, spansIn } from '../../test/support/backends/telemetry.ts';
import { readRecording } from '../../test/support/replay.ts';

interface Arrival {
  /** Unix ms. */
  at: number;
  signal: Signal;
  request: ExportRequest;
}

/** ms from the arrival of a CLI's request at ai-trace to that of the same thing at the collector. */
export interface Delays {
  /** Of each native log record. */
  logs: number[];
  /** Of each LLM and tool span, from the last log record that tells of it. */
  spans: number[];
}

/** One session with a tool that takes as long as a CLI needs to send in its midst. @param aiTrace path of the built program */
export async function measure(name: CliName, aiTrace: string): Promise<Delays> {
  const recording = await mkdtemp(join(tmpdir(), 'ai-trace-visible-'));
  const collector = await startCollector();
  try {
    const own = ['--record', recording, '--forward', collector.url];
    await runSession(name, { aiTrace, own, command: 'sleep 7' });
    return delays(received(recording), collector.arrivals);
  } finally {
    collector.close();
    await rm(recording, { recursive: true, force: true });
  }
}

/** Takes everything and notes when. */
async function startCollector() {
  const arrivals: Arrival[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const at = Date.now();
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    const { headers, url = '' } = incoming;
    const sent = Buffer.concat(chunks);
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    arrivals.push(...decoded(url.replace('/v1/', '') as Signal, headers['content-type'], body, at));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}`, arrivals, close };
}

function received(recording: string): Arrival[] {
  return readRecording(recording).flatMap(({ signal, contentType, contentEncoding, body, at }) =>
    decoded(signal, contentType, contentEncoding === 'gzip' ? gunzipSync(body) : body, at),
  );
}

function decoded(signal: Signal, contentType: string | undefined, body: Buffer, at: number): Arrival[] {
  const result = decode(signal, contentType, body);
  return result.ok ? [{ at, signal, request: result.request }] : [];
}

function delays(received: readonly Arrival[], collected: readonly Arrival[]): Delays {
  const receivedAt = new Map<string, number>();
  for (const { at, log } of logsOf(received)) receivedAt.set(identity(log), at);

  const logs: number[] = [];
  const toldAt = new Map<string, number>();
  for (const { at, log } of logsOf(collected)) {
    const told = receivedAt.get(identity(log));
    // The summary is our own.
    if (told === undefined) continue;
    logs.push(at - told);
    toldAt.set(log.spanId, Math.max(told, toldAt.get(log.spanId) ?? 0));
  }
  const spans = collected.flatMap(({ at, ...exported }) =>
    spansIn([exported]).flatMap(({ spanId, attributes }) => {
      const told = toldAt.get(spanId);
      const kind = text(attributes, 'openinference.span.kind');
      return told === undefined || (kind !== 'LLM' && kind !== 'TOOL') ? [] : [at - told];
    }),
  );
  return { logs, spans };
}

function logsOf(arrivals: readonly Arrival[]): { at: number; log: SeenLog }[] {
  return arrivals.flatMap(({ at, ...exported }) => logsIn([exported]).map((log) => ({ at, log })));
}

/** A record's times stay as they are on its way. */
function identity({ timeUnixNano, observedTimeUnixNano, attributes }: SeenLog): string {
  return [timeUnixNano, observedTimeUnixNano, text(attributes, 'event.name')].join(' ');
}

import { onTestFinished } from 'vitest';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import {
  createTransport,
  type TransportTarget,
} from '../../src/pipeline/delivery/transport/create-transport.ts';
import type { Answer, Transport } from '../../src/pipeline/delivery/transport/transport.ts';

/** Closed when the test has finished. `env` is all that it sees of an environment. */
export async function transportTo(
  url: string,
  others: Partial<Omit<TransportTarget, 'url'>> = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Transport> {
  const kind = url.startsWith('grpc') ? 'grpc' : 'http';
  const transport = await createTransport({ kind, url, headers: {}, tls: null, ...others }, env);
  onTestFinished(() => transport.close());
  return transport;
}

/** One log record of this name, exported once. */
export function exportLogs(
  transport: Transport,
  name = 'a',
  abort = new AbortController().signal,
): Promise<Answer> {
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: name, attributes: [] }] }] }] };
  return transport.export('logs', Payload.plain(encodeProtobuf('logs', request)), abort);
}

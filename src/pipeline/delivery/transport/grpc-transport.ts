import type { SecureContext } from 'node:tls';
import { checkServerIdentity } from 'node:tls';
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  compressionAlgorithms,
  credentials,
  logVerbosity,
  Metadata,
  type ServiceError,
  setLogVerbosity,
} from '@grpc/grpc-js';
import { readResponse } from '../../../otlp/response.ts';
import type { Signal } from '../../../otlp/types.ts';
import type { Payload } from '../payload.ts';
import { answerToStatus } from './grpc-status.ts';
import { isLoopback } from './proxy.ts';
import type { Answer, Transport } from './transport.ts';
import { unusableTransport } from './unusable-transport.ts';

const methods: Readonly<Record<Signal, string>> = {
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
};

/** How long one attempt may take. ms. */
const attemptTimeout = 10_000;

/** @param url `grpc://host:port`, or `grpcs://host:port` for TLS. */
export function createGrpcTransport(
  url: URL,
  headers: Readonly<Record<string, string>>,
  secureContext: SecureContext | undefined,
): Transport {
  // Or it writes on the user's terminal.
  setLogVerbosity(logVerbosity.NONE);
  const metadata = metadataOf(headers);
  if (typeof metadata === 'string') return unusableTransport(`header ${metadata} cannot be sent by gRPC`);
  const client = new Client(`dns:${url.host}`, credentialsFor(url, secureContext), optionsFor(url));
  return new GrpcTransport(client, metadata);
}

/** OTLP/gRPC, compressed. */
class GrpcTransport implements Transport {
  readonly #client: Client;
  readonly #metadata: Metadata;

  constructor(client: Client, metadata: Metadata) {
    this.#client = client;
    this.#metadata = metadata;
  }

  async export(signal: Signal, payload: Payload, abort: AbortSignal): Promise<Answer> {
    const message = await payload.plain().catch(() => null);
    if (message === null) return { kind: 'refused', reason: 'damaged on disk' };
    const result = await this.#call(methods[signal], message, abort);
    if (result.kind === 'failed') return answerToStatus(result.error, result.headers);
    // The client does not tell what it sent; it is what gzip makes of it.
    const { length } = await payload.compressed();
    return {
      kind: 'taken',
      bytes: length,
      ...readResponse(signal, 'application/x-protobuf', result.response),
    };
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  #call(method: string, message: Uint8Array, abort: AbortSignal): Promise<Result> {
    return new Promise((resolve) => {
      let headers: Metadata | null = null;
      const call = this.#client.makeUnaryRequest(
        method,
        (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
        (bytes: Buffer) => bytes,
        message,
        this.#metadata,
        { deadline: Date.now() + attemptTimeout },
        (error, response) => {
          abort.removeEventListener('abort', cancel);
          if (error) resolve({ kind: 'failed', error, headers });
          else resolve({ kind: 'answered', response: response ?? Buffer.alloc(0) });
        },
      );
      const cancel = () => call.cancel();
      call.once('metadata', (each: Metadata) => {
        headers = each;
      });
      abort.addEventListener('abort', cancel);
      if (abort.aborted) cancel();
    });
  }
}

type Result =
  | { kind: 'answered'; response: Buffer }
  | { kind: 'failed'; error: ServiceError; headers: Metadata | null };

/** Not possible in HTTP/2 (RFC 9113 §8.2.2), or the client's own. */
const ofTheConnection: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** The name of the first header that cannot be sent, instead. An error of the library would show its value. */
function metadataOf(headers: Readonly<Record<string, string>>): Metadata | string {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    if (ofTheConnection.has(name)) return name;
    try {
      metadata.set(name, name.endsWith('-bin') ? Buffer.from(value, 'base64') : value);
    } catch {
      return name;
    }
  }
  return metadata;
}

function credentialsFor({ protocol, hostname }: URL, context: SecureContext | undefined): ChannelCredentials {
  if (protocol !== 'grpcs:') return credentials.createInsecure();
  const verify = isAddress(hostname)
    ? {
        checkServerIdentity: (_: string, cert: Parameters<typeof checkServerIdentity>[1]) =>
          checkServerIdentity(hostname.replace(/^\[|\]$/g, ''), cert),
      }
    : {};
  return context
    ? credentials.createFromSecureContext(context, verify)
    : credentials.createSsl(null, null, null, verify);
}

function optionsFor({ protocol, hostname }: URL): ChannelOptions {
  return {
    'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    // When to try again is decided elsewhere; the connection has to be ready for that.
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
    // Of the proxy variables the library reads grpc_proxy, https_proxy, http_proxy and no_proxy itself.
    'grpc.enable_http_proxy': isLoopback(hostname) ? 0 : 1,
    // The library would name an address to the server, and Node writes a warning about that on the terminal.
    ...(protocol === 'grpcs:' &&
      isAddress(hostname) && { 'grpc.ssl_target_name_override': 'address.invalid' }),
  };
}

function isAddress(hostname: string): boolean {
  return /^(\[.*\]|\d+(\.\d+){3})$/.test(hostname);
}

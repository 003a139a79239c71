import type { SecureContext } from 'node:tls';
import { HttpTransport } from './http-transport.ts';
import { openHttpConnection } from './open-http-connection.ts';
import type { TlsFiles } from './tls-files.ts';
import type { Transport } from './transport.ts';
import { unusableTransport } from './unusable-transport.ts';

/** One collector, in plain values. */
export interface TransportTarget {
  kind: 'http' | 'grpc';
  /** `http(s)://…`, a base URL without a slash at its end; or `grpc(s)://host:port`. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** null: the usual authorities, no client certificate. */
  tls: TlsFiles | null;
}

/**
 * What is wrong with the target (a certificate that cannot be read, a proxy that is none) comes as the answer to
 * each request, `misdirected`, so that nothing is lost and the receipt tells it.
 *
 * @param env for the proxy variables
 */
export async function createTransport(target: TransportTarget, env: NodeJS.ProcessEnv): Promise<Transport> {
  const tls = target.tls === null ? null : (await import('./tls-files.ts')).readTls(target.tls);
  if (tls?.kind === 'unusable') return unusableTransport(tls.reason);
  const secureContext = tls?.secureContext;
  return target.kind === 'grpc' ? grpc(target, secureContext) : http(target, secureContext, env);
}

async function http(
  { url, headers }: TransportTarget,
  secureContext: SecureContext | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Transport> {
  const opened = await openHttpConnection({ url: new URL(url), headers, secureContext }, env);
  if (opened.kind === 'unusable') return unusableTransport(opened.reason);
  return new HttpTransport(url, opened.connection);
}

/** The gRPC client is large: it is loaded by those who use it. */
async function grpc(
  { url, headers }: TransportTarget,
  secureContext: SecureContext | undefined,
): Promise<Transport> {
  const { createGrpcTransport } = await import('./grpc-transport.ts');
  return createGrpcTransport(new URL(url), headers, secureContext);
}

import type { SecureContext } from 'node:tls';
import { HttpConnection } from './http-connection.ts';
import { directRoute } from './http-route.ts';
import { isLoopback, proxyFor } from './proxy.ts';
import { unsendableHeader } from './unsendable-header.ts';

export interface HttpTarget {
  url: URL;
  /** Of every request. Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** undefined: the usual authorities, no client certificate. */
  secureContext: SecureContext | undefined;
}

export type OpenedConnection =
  | { kind: 'usable'; connection: HttpConnection }
  | { kind: 'unusable'; reason: string };

/** @param env for the proxy variables */
export async function openHttpConnection(
  { url, headers, secureContext }: HttpTarget,
  env: NodeJS.ProcessEnv,
): Promise<OpenedConnection> {
  const unsendable = unsendableHeader(headers);
  if (unsendable !== null) return { kind: 'unusable', reason: `header ${unsendable} cannot be sent` };
  const tls = secureContext ? { secureContext } : {};
  const proxy = isLoopback(url.hostname) ? null : proxyFor(url, env);
  if (proxy === null) return usable(new HttpConnection(await directRoute(url, tls), headers));
  if (proxy.url === null) return { kind: 'unusable', reason: `${proxy.variable} is no http:// URL` };
  const { proxiedRoute } = await import('./proxied-route.ts');
  return usable(new HttpConnection(proxiedRoute(url, proxy.url, tls), headers));
}

function usable(connection: HttpConnection): OpenedConnection {
  return { kind: 'usable', connection };
}

import { Agent, type AgentOptions, type RequestOptions, request } from 'node:http';
import type { SecureContext } from 'node:tls';

/** How the requests to one destination are sent. */
export interface HttpRoute {
  /** Of `node:http`, or of `node:https` where the connection is encrypted. */
  request: typeof request;
  to: Pick<RequestOptions, 'host' | 'port'> & { agent: Agent; servername?: string };
  /** Before each path: where a proxy is asked for the whole address, the destination's origin. */
  origin: string;
  headers: Readonly<Record<string, string>>;
}

/** Empty: the usual authorities, no client certificate. */
export interface TlsOptions {
  secureContext?: SecureContext;
}

/** One connection, which is not used again after so long (ms): what is between us may have forgotten it. */
export const oneConnection: AgentOptions = { keepAlive: true, maxSockets: 1, timeout: 4000 };

/** TLS is loaded by those who use it: it takes 3 ms of processor time and 1 MB. */
export async function directRoute(url: URL, tls: TlsOptions): Promise<HttpRoute> {
  const address = { host: hostOf(url), port: url.port };
  const rest = { origin: '', headers: {} };
  if (url.protocol !== 'https:') {
    return { request, to: { ...address, agent: new Agent(oneConnection) }, ...rest };
  }
  const https = await import('node:https');
  const agent = new https.Agent({ ...oneConnection, ...tls });
  return { request: https.request, to: { ...address, agent }, ...rest };
}

/** As it is resolved: an IPv6 address without brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

import type { SecureContext } from 'node:tls';
import type { buildConnector as Connector, Dispatcher } from 'undici';
import { isLoopback, proxyFor } from './proxy.ts';
import { Agent, buildConnector, EnvHttpProxyAgent } from './undici.ts';

/** The way to one destination, over one connection that is kept alive. */
export interface HttpConnection {
  dispatcher: Dispatcher;
  /** What the last socket said when it failed; undici leaves it out at times. */
  socketFault(): Error | undefined;
}

export type OpenedConnection =
  | { kind: 'usable'; connection: HttpConnection }
  | { kind: 'unusable'; reason: string };

/** @param env for the proxy variables */
export function openHttpConnection(
  url: URL,
  secureContext: SecureContext | undefined,
  env: NodeJS.ProcessEnv,
): OpenedConnection {
  const tls = secureContext ? { secureContext } : {};
  const proxy = isLoopback(url.hostname) ? null : proxyFor(url, env);
  if (proxy === null) return { kind: 'usable', connection: directConnection(tls) };
  if (proxy.url === null) return { kind: 'unusable', reason: `${proxy.variable} is no http:// URL` };

  const dispatcher = new EnvHttpProxyAgent({
    connections: 1,
    connect: tls,
    requestTls: tls,
    // http is asked of the proxy with the whole address, as curl does; https goes by CONNECT.
    proxyTunnel: false,
    // All three, or it looks at the environment of the process.
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: proxy.except,
  });
  return { kind: 'usable', connection: { dispatcher, socketFault: () => undefined } };
}

/**
 * A server that wants another client certificate says so behind the handshake (TLS 1.3), while a request is under
 * way: undici then tells only that the connection was closed.
 */
function directConnection(tls: Connector.BuildOptions): HttpConnection {
  let fault: Error | undefined;
  const connector = buildConnector(tls);
  const connect: Connector.connector = (to, callback) => {
    fault = undefined;
    connector(to, (...result) => {
      result[1]?.once('error', (error) => {
        fault = error;
      });
      callback(...result);
    });
  };
  return { dispatcher: new Agent({ connections: 1, connect }), socketFault: () => fault };
}

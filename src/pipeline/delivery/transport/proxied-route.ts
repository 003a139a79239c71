import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { type HttpRoute, hostOf, oneConnection, type TlsOptions } from './http-route.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** http is asked of the proxy with the whole address, as curl does; https goes by a tunnel. */
export function proxiedRoute(url: URL, proxy: URL, tls: TlsOptions): HttpRoute {
  const authorization = authorizationOf(proxy);
  const isEncrypted = proxy.protocol === 'https:';
  const host = hostOf(proxy);
  // Or Node takes the name in the `Host` header, which is the destination's.
  const toProxy = { host, port: proxy.port, servername: isIP(host) ? '' : host };
  const request = isEncrypted ? https.request : http.request;

  if (url.protocol === 'https:') {
    const authority = `${url.hostname}:${url.port || 443}`;
    const ask = () =>
      request({
        ...toProxy,
        agent: false,
        method: 'CONNECT',
        path: authority,
        headers: { host: authority, connection: 'keep-alive', ...authorization },
      });
    const agent = new TunnelAgent({ ...oneConnection, ...tls }, ask);
    return {
      request: https.request,
      to: { host: hostOf(url), port: url.port, agent },
      origin: '',
      headers: {},
    };
  }
  const agent = isEncrypted ? new https.Agent(oneConnection) : new http.Agent(oneConnection);
  return {
    request,
    to: { ...toProxy, agent },
    origin: url.origin,
    headers: { host: url.host, ...authorization },
  };
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = [username, password].map(decoded).join(':');
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** What is no percent-encoding is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createAuthority, type Identity } from '../support/certificates.ts';
import { closedUrl, startCollector } from '../support/collector.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { exportLogs, transportTo } from '../support/transports.ts';

/** No resolver knows it: only a proxy leads there. */
const collector = 'collector.example';

test.each(['http_proxy', 'HTTP_PROXY'])(
  '%s is asked for an http collector, with the whole address',
  async (name) => {
    const { url, requests } = await startCollector();
    const proxy = await startForwardProxy(url);
    const transport = await transportTo(`http://${collector}:4318`, {}, { [name]: proxy.url });
    expect(await exportLogs(transport)).toMatchObject({ kind: 'taken' });
    expect(proxy.asked).toEqual([`POST http://${collector}:4318/v1/logs`]);
    expect(requests).toMatchObject([{ signal: 'logs', headers: { host: `${collector}:4318` } }]);
  },
);

test('the variable in lower case is the stronger, and needs no scheme', async () => {
  const { url } = await startCollector();
  const proxy = await startForwardProxy(url);
  const env = { HTTP_PROXY: await closedUrl(), http_proxy: proxy.url.replace('http://', '') };
  expect(await exportLogs(await transportTo(`http://${collector}`, {}, env))).toMatchObject({
    kind: 'taken',
  });
});

test.each([
  ['user:made-up', 'user:made-up'],
  ['user', 'user:'],
  ['me%40example:made%3Aup', 'me@example:made:up'],
  ['user:100%', 'user:100%'],
])('the proxy gets its credentials, and the collector does not: %s', async (inUrl, credentials) => {
  const { url, requests } = await startCollector();
  const proxy = await startForwardProxy(url);
  const address = proxy.url.replace('http://', `http://${inUrl}@`);
  const env = { http_proxy: address, https_proxy: address };
  await exportLogs(await transportTo(`http://${collector}`, {}, env));
  await exportLogs(await transportTo(`https://${collector}`, {}, env));
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  expect(proxy.credentials).toEqual([authorization, authorization]);
  expect(proxy.asked).toEqual([`POST http://${collector}/v1/logs`, `CONNECT ${collector}:443`]);
  expect(requests[0]?.headers).not.toHaveProperty('authorization');
});

test('an https collector is reached by CONNECT, and its certificate is checked', async () => {
  const authority = createAuthority();
  onTestFinished(() => authority.remove());
  const names = `DNS:${collector}`;
  const clientCertificate = authority.issue();
  const { url, clients } = await startHttps(authority.issue({ names }), authority.ca);
  const proxy = await startForwardProxy(url);
  const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: await closedUrl() };
  const tls = { ca: authority.ca, ...clientCertificate };

  const taken = await exportLogs(await transportTo(`https://${collector}:4318`, { tls }, env));
  expect(taken).toMatchObject({ kind: 'taken' });
  expect(clients).toEqual([true]);
  expect(proxy.asked).toEqual([`CONNECT ${collector}:4318`]);

  const unknown = await exportLogs(await transportTo(`https://${collector}:4318`, {}, env));
  expect(unknown).toMatchObject({ kind: 'misdirected', reason: 'SELF_SIGNED_CERT_IN_CHAIN' });
  const other = await exportLogs(await transportTo('https://other.example:4318', { tls }, env));
  expect(other).toMatchObject({ kind: 'misdirected', reason: expect.stringMatching(/ALTNAME|altnames/) });
});

test.each(['http', 'https'])('the connection through a proxy is kept alive: %s', async (scheme) => {
  const authority = createAuthority();
  onTestFinished(() => authority.remove());
  const https = await startHttps(authority.issue({ names: `DNS:${collector}` }), authority.ca);
  const http = await startCollector();
  const proxy = await startForwardProxy(scheme === 'https' ? https.url : http.url);
  const tls = { ca: authority.ca, cert: null, key: null };
  const env = { http_proxy: proxy.url, https_proxy: proxy.url };
  const transport = await transportTo(`${scheme}://${collector}`, { tls }, env);
  for (const name of ['a', 'b', 'c']) {
    expect(await exportLogs(transport, name)).toMatchObject({ kind: 'taken' });
  }
  expect(proxy.connections).toHaveLength(1);
});

test('a proxy may be spoken to within TLS, and its certificate is checked', async () => {
  const authority = createAuthority();
  onTestFinished(() => authority.remove());
  const { url } = await startCollector();
  const proxy = await startForwardProxy(url, { identity: authority.issue() });
  const env = { http_proxy: proxy.url, https_proxy: proxy.url };
  for (const scheme of ['http', 'https']) {
    const untrusted = { kind: 'misdirected', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };
    expect(await exportLogs(await transportTo(`${scheme}://${collector}`, {}, env))).toEqual(untrusted);
  }
  expect(proxy.asked).toEqual([]);
});

test('each scheme has its own proxy', async () => {
  const { url } = await startCollector();
  const proxy = await startForwardProxy(url);
  const transport = await transportTo(directly(url), {}, { HTTPS_PROXY: proxy.url });
  expect(await exportLogs(transport)).toMatchObject({ kind: 'taken' });
  expect(proxy.asked).toEqual([]);
});

test.each(['127.0.0.1', 'localhost'])('this machine is reached without a proxy: %s', async (host) => {
  const { url } = await startCollector();
  const proxy = await startForwardProxy(url);
  const own = url.replace('127.0.0.1', host);
  expect(await exportLogs(await transportTo(own, {}, { http_proxy: proxy.url }))).toMatchObject({
    kind: 'taken',
  });
  expect(proxy.asked).toEqual([]);
});

test.each(['0.0.0.0', 'other.example, 0.0.0.0', '*'])('NO_PROXY=%s spares the proxy', async (noProxy) => {
  const { url } = await startCollector();
  const proxy = await startForwardProxy(url);
  const through = await transportTo(directly(url), {}, { http_proxy: proxy.url, NO_PROXY: 'other.example' });
  expect(await exportLogs(through)).toMatchObject({ kind: 'taken' });
  expect(proxy.asked).toHaveLength(1);
  const past = await transportTo(directly(url), {}, { http_proxy: proxy.url, NO_PROXY: noProxy });
  expect(await exportLogs(past)).toMatchObject({ kind: 'taken' });
  expect(proxy.asked).toHaveLength(1);
});

test.each([
  ['http', 407, { kind: 'misdirected', reason: 'proxy: HTTP 407' }],
  ['https', 407, { kind: 'misdirected', reason: 'proxy: HTTP 407' }],
  ['https', 403, { kind: 'misdirected', reason: 'proxy: HTTP 403' }],
  ['https', 503, { kind: 'unavailable', reason: 'proxy: HTTP 503', answered: false }],
] as const)('a proxy that refuses %s with %d', async (scheme, status, expected) => {
  const { url } = await startCollector();
  const proxy = await startForwardProxy(url, { refusal: status });
  const env = { http_proxy: proxy.url, https_proxy: proxy.url };
  expect(await exportLogs(await transportTo(`${scheme}://${collector}`, {}, env))).toEqual(expected);
});

test.each(['http', 'https'])(
  'an attempt ends while a proxy is silent, and the next gets through: %s',
  async (scheme) => {
    const authority = createAuthority();
    onTestFinished(() => authority.remove());
    const https = await startHttps(authority.issue({ names: `DNS:${collector}` }), authority.ca);
    const http = await startCollector();
    const target = scheme === 'https' ? https.url : http.url;
    const proxy = await startForwardProxy(target, { isSilent: (asked) => asked === 1 });
    const tls = { ca: authority.ca, cert: null, key: null };
    const env = { http_proxy: proxy.url, https_proxy: proxy.url };
    const transport = await transportTo(`${scheme}://${collector}`, { tls }, env);
    const abort = new AbortController();
    const answer = exportLogs(transport, 'a', abort.signal);
    await vi.waitUntil(() => proxy.asked.length === 1);
    abort.abort();
    expect(await answer).toEqual({ kind: 'unavailable', reason: 'no answer in time', answered: false });
    expect(await exportLogs(transport)).toMatchObject({ kind: 'taken' });
    await transport.close();
    await vi.waitUntil(() => proxy.connections.every(({ destroyed }) => destroyed));
  },
);

test('closing ends the wait for a tunnel', async () => {
  const proxy = await startForwardProxy(await closedUrl(), { isSilent: () => true });
  const transport = await transportTo(`https://${collector}`, {}, { https_proxy: proxy.url });
  const answer = exportLogs(transport);
  await vi.waitUntil(() => proxy.asked.length === 1);
  await transport.close();
  expect(await answer).toEqual({ kind: 'unavailable', reason: 'connection closed', answered: false });
  await vi.waitUntil(() => proxy.connections.every(({ destroyed }) => destroyed));
});

test('a tunnel that breaks is as good as no answer', async () => {
  const proxy = await startForwardProxy(await closedUrl());
  const transport = await transportTo(`https://${collector}`, {}, { https_proxy: proxy.url });
  expect(await exportLogs(transport)).toEqual({
    kind: 'unavailable',
    reason: 'connection closed',
    answered: false,
  });
});

test('a proxy that is not there is as good as no collector', async () => {
  const env = { https_proxy: await closedUrl() };
  expect(await exportLogs(await transportTo(`https://${collector}`, {}, env))).toEqual({
    kind: 'unavailable',
    reason: 'ECONNREFUSED',
    answered: false,
  });
});

test.each(['socks5://127.0.0.1:1', 'http://'])(
  'a proxy that is none is named, without its address: %s',
  async (value) => {
    expect(await exportLogs(await transportTo(`https://${collector}`, {}, { HTTPS_PROXY: value }))).toEqual({
      kind: 'misdirected',
      reason: 'HTTPS_PROXY is no http:// URL',
    });
  },
);

/** This machine by an address that is not taken for it. */
function directly(url: string): string {
  return url.replace('127.0.0.1', '0.0.0.0');
}

/** Takes everything of clients with a certificate of the authority; `clients` tells whether each had one. */
async function startHttps({ cert, key }: Identity, ca: string): Promise<{ url: string; clients: boolean[] }> {
  const clients: boolean[] = [];
  const pem = { cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca) };
  const server = createServer(
    { ...pem, requestCert: true, rejectUnauthorized: false },
    (incoming, response) => {
      clients.push('authorized' in incoming.socket && incoming.socket.authorized === true);
      incoming.resume();
      response.end();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, clients };
}

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Authority, createAuthority, type Identity } from '../support/certificates.ts';
import { startGrpcCollector } from '../support/grpc-collector.ts';
import { exportLogs, transportTo } from '../support/transports.ts';

let authority: Authority;
let stranger: Authority;
beforeAll(() => {
  authority = createAuthority();
  stranger = createAuthority();
});
afterAll(() => {
  authority.remove();
  stranger.remove();
});

interface ServerSide extends Identity {
  /** Only clients with a certificate of this authority are let in. */
  clientCa?: string;
}

/** A collector that takes everything. Returns its port. */
type Start = (side: ServerSide) => Promise<number>;

const startHttps: Start = async ({ cert, key, clientCa }) => {
  const options: ServerOptions = { cert: readFileSync(cert), key: readFileSync(key) };
  const mutual = clientCa === undefined ? {} : { ca: readFileSync(clientCa), requestCert: true };
  const server = createServer({ ...options, ...mutual }, (incoming, response) => {
    incoming.resume();
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
};

const startGrpcs: Start = async ({ cert, key, clientCa }) => {
  const pair = { cert_chain: readFileSync(cert), private_key: readFileSync(key) };
  const ca = clientCa === undefined ? null : readFileSync(clientCa);
  const { port } = await startGrpcCollector(ServerCredentials.createSsl(ca, [pair], ca !== null));
  return port;
};

describe.each([
  ['https', startHttps],
  ['grpcs', startGrpcs],
] as const)('%s', (scheme, start) => {
  /** Exports once to a server with this certificate. */
  async function exportTo(host: string, side: ServerSide, tls: { ca?: string } & Partial<Identity> = {}) {
    const port = await start(side);
    const files = { ca: authority.ca, cert: null, key: null, ...tls };
    return exportLogs(await transportTo(`${scheme}://${host}:${port}`, { tls: files }));
  }

  test.each(['localhost', '127.0.0.1'])('trusts the given authority: %s', async (host) => {
    expect(await exportTo(host, authority.issue())).toMatchObject({ kind: 'taken' });
  });

  test('shows its certificate to a collector that asks for it', async () => {
    const side = { ...authority.issue(), clientCa: stranger.ca };
    expect(await exportTo('localhost', side, stranger.issue())).toMatchObject({ kind: 'taken' });
  });

  test('finds the key in the file of the certificate', async () => {
    const { cert, key } = stranger.issue();
    const both = join(dirname(cert), 'both.pem');
    writeFileSync(both, Buffer.concat([readFileSync(cert), readFileSync(key)]));
    const side = { ...authority.issue(), clientCa: stranger.ca };
    expect(await exportTo('localhost', side, { cert: both })).toMatchObject({ kind: 'taken' });
  });

  test('is not let in without a certificate', async () => {
    const side = { ...authority.issue(), clientCa: stranger.ca };
    const reason = expect.stringMatching(/certificate.required/i);
    expect(await exportTo('localhost', side)).toEqual({ kind: 'misdirected', reason });
  });

  test('is not let in with a certificate of somebody else', async () => {
    const side = { ...authority.issue(), clientCa: stranger.ca };
    // Node's servers only close the connection then.
    const kind = expect.stringMatching(/^(misdirected|unavailable)$/);
    expect(await exportTo('localhost', side, authority.issue())).toMatchObject({ kind });
  });

  test('does not send to a collector of an authority that is not known', async () => {
    const port = await start(authority.issue());
    const usual = await exportLogs(await transportTo(`${scheme}://localhost:${port}`));
    expect(usual).toMatchObject({ kind: 'misdirected', reason: expect.stringMatching(/VERIFY|verify/) });
    const other = await exportTo('localhost', authority.issue(), { ca: stranger.ca });
    expect(other).toMatchObject({ kind: 'misdirected', reason: expect.stringMatching(/VERIFY|verify/) });
  });

  test('does not send to a collector whose certificate has expired', async () => {
    const answer = await exportTo('localhost', authority.issue({ days: -1 }));
    expect(answer).toMatchObject({ kind: 'misdirected', reason: expect.stringMatching(/expired/i) });
  });

  test.each([
    ['localhost', 'DNS:collector.example,IP:127.0.0.1'],
    ['127.0.0.1', 'DNS:localhost,IP:127.0.0.2'],
    ['127.0.0.1', 'DNS:address.invalid'],
  ])('does not send to %s when its certificate is for %s', async (host, names) => {
    const reason = 'ERR_TLS_CERT_ALTNAME_INVALID';
    expect(await exportTo(host, authority.issue({ names }))).toEqual({ kind: 'misdirected', reason });
  });

  test('tells which file cannot be used', async () => {
    const { cert, key } = authority.issue();
    const other = authority.issue();
    const none = join(dirname(cert), 'none.pem');
    const garbage = join(dirname(cert), 'garbage.pem');
    writeFileSync(garbage, 'garbage');
    const reasonFor = async (tls: Partial<Record<'ca' | 'cert' | 'key', string>>) => {
      const files = { ca: null, cert: null, key: null, ...tls };
      const answer = await exportLogs(await transportTo(`${scheme}://localhost:1`, { tls: files }));
      return answer.kind === 'misdirected' ? answer.reason : answer;
    };
    expect(await reasonFor({ ca: none })).toBe(`${none}: ENOENT`);
    expect(await reasonFor({ ca: garbage })).toMatch(`${garbage}: ERR_`);
    expect(await reasonFor({ cert: garbage })).toMatch(`${garbage}: ERR_`);
    expect(await reasonFor({ cert })).toMatch(`${cert}: ERR_`);
    expect(await reasonFor({ cert, key: garbage })).toMatch(`${garbage}: ERR_`);
    expect(await reasonFor({ cert, key: other.key })).toMatch(`${other.key}: ERR_`);
    expect(await reasonFor({ key })).toBe(`${key}: a key without a certificate`);
  });
});

test.each(['https', 'grpcs'])('%s does not fall back when the collector knows no TLS', async (scheme) => {
  const { port } = await startGrpcCollector();
  const answer = await exportLogs(await transportTo(`${scheme}://127.0.0.1:${port}`));
  expect(answer).toMatchObject({ kind: 'misdirected' });
});

test('nothing is written on the terminal about an address as the host', async () => {
  const warnings: string[] = [];
  const keep = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', keep);
  onTestFinished(() => void process.off('warning', keep));
  const { cert, key } = authority.issue();
  const port = await startGrpcs({ cert, key });
  const tls = { ca: authority.ca, cert: null, key: null };
  await exportLogs(await transportTo(`grpcs://127.0.0.1:${port}`, { tls }));
  // A warning is given in the next turn of the event loop.
  await new Promise((done) => setImmediate(done));
  expect(warnings).toEqual([]);
});

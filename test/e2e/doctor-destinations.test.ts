/** `ai-trace doctor` on what can be wrong with a collector: it names the fault, and says what to do. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { closedUrl } from '../support/collector.ts';
import { kindsOf, linkOf, told } from '../support/doctor.ts';
import type { Behaviour } from '../support/faults/behaviour.ts';
import { startFaultyCollector } from '../support/faults/collector.ts';
import { standin } from '../support/standin-cli.ts';

/** A collector needs no CLI to be probed: a program without telemetry stands in its place. */
async function probed(url: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  const cli = await standin('codex');
  return told(await cli.run({ words: ['doctor', '--json', '--forward', url, ...words], env }));
}

async function faulty(behaviour: Behaviour): Promise<string> {
  const collector = await startFaultyCollector({ behaviour });
  onTestFinished(() => collector.close());
  return collector.url;
}

test('one that takes everything is no fault', async () => {
  const { report } = await probed(await faulty({ kind: 'ok' }));
  expect(linkOf(report, 'delivered')).toMatchObject({ state: 'ok', problems: [], warnings: [] });
  expect(linkOf(report, 'delivered').text).toMatch(/: 1 log, 1 span, 1 metric point taken$/);
});

const refusals: [what: string, behaviour: Behaviour, kind: string, text: RegExp][] = [
  ['has no OTLP there', { kind: 'status', status: 404 }, 'no_collector', /HTTP 404.*usually port 4318/],
  ['shows a web page', { kind: 'wrong_type' }, 'no_collector', /web page/],
  ['sends elsewhere', { kind: 'status', status: 302, location: '/' }, 'no_collector', /HTTP 302/],
  ['wants credentials', { kind: 'status', status: 401 }, 'unauthorized', /HTTP 401.*--forward-header/],
  ['refuses these', { kind: 'status', status: 403 }, 'unauthorized', /HTTP 403/],
  ['has no room', { kind: 'status', status: 503 }, 'overloaded', /HTTP 503/],
  ['wants fewer', { kind: 'status', status: 429 }, 'overloaded', /HTTP 429/],
  ['fails', { kind: 'status', status: 500 }, 'refused', /HTTP 500.*collector logs/],
  ['breaks off', { kind: 'reset' }, 'no_answer', /connection closed|ECONNRESET/],
  ['takes a part', { kind: 'partial', rejected: 1 }, 'partly_refused', /1 record refused \(too old\)/],
];

test.each(refusals)('one that %s', async (_, behaviour, kind, text) => {
  const { code, report } = await probed(await faulty(behaviour));
  expect(code).toBe(1);
  const { state, problems } = linkOf(report, 'delivered');
  expect(state).toBe('broken');
  expect(new Set(kindsOf(problems))).toEqual(new Set([kind]));
  expect(problems[0]?.text).toMatch(text);
});

test.each(['http', 'grpc'])('an address where nothing listens, by %s', async (scheme) => {
  const url = (await closedUrl()).replace('http', scheme);
  const { code, report } = await probed(url);
  expect(code).toBe(1);
  expect(linkOf(report, 'delivered', url).problems).toEqual([
    { kind: 'nobody_listens', text: expect.stringContaining('Start the collector') },
  ]);
});

test('a name that nobody knows', async () => {
  const { report } = await probed('http://collector.invalid:4318');
  expect(kindsOf(linkOf(report, 'delivered').problems)).toEqual(['name_unresolved']);
});

describe('a certificate', () => {
  let authority: Authority;
  beforeAll(() => {
    authority = createAuthority();
  });
  afterAll(() => authority.remove());

  async function secure(): Promise<string> {
    const { cert, key } = authority.issue();
    const server = createSecureServer(
      { cert: readFileSync(cert), key: readFileSync(key) },
      (request, response) => {
        request.resume().on('end', () => response.end());
      },
    );
    return `https://127.0.0.1:${await listening(server)}`;
  }

  test('of an authority that is not trusted', async () => {
    const { code, report } = await probed(await secure());
    expect(code).toBe(1);
    expect(linkOf(report, 'delivered').problems).toEqual([
      { kind: 'tls_untrusted', text: expect.stringMatching(/\(UNABLE_TO_\w+\).*--forward-ca/) },
    ]);
  });

  test('of one that is', async () => {
    const { report } = await probed(await secure(), ['--forward-ca', authority.ca]);
    expect(linkOf(report, 'delivered').state).toBe('ok');
  });

  test('where there is no TLS', async () => {
    const url = (await faulty({ kind: 'ok' })).replace('http:', 'https:');
    const { report } = await probed(url);
    expect(kindsOf(linkOf(report, 'delivered').problems)).toEqual(['tls_untrusted']);
  });
});

test.each([
  ['ahead', 5 * 60_000],
  ['behind', -5 * 60_000],
])('a clock that is %s', async (how, aheadMs) => {
  const server = createServer((request, response) => {
    response.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
    request.resume().on('end', () => response.end());
  });
  const { report } = await probed(`http://127.0.0.1:${await listening(server)}`);
  expect(linkOf(report, 'delivered')).toMatchObject({
    state: 'ok',
    warnings: [{ kind: 'clock_skew', text: expect.stringMatching(new RegExp(`[45] m \\d+ s ${how}`)) }],
  });
});

test('a file that cannot be written', async () => {
  const { code, report } = await probed('file:missing/folder/sent.jsonl');
  expect(code).toBe(1);
  expect(linkOf(report, 'delivered').problems).toEqual([
    { kind: 'file_unwritable', text: expect.stringContaining('ENOENT') },
  ]);
});

test('headers are not told, whatever the collector answers', async () => {
  const url = await faulty({ kind: 'status', status: 401 });
  const { printed } = await probed(url, ['--forward-header', 'authorization=Bearer s3cret']);
  expect(printed).not.toContain('s3cret');
});

test('a destination that is none is not looked at', async () => {
  const { report } = await probed('none');
  expect(linkOf(report, 'delivered')).toMatchObject({ state: 'skipped' });
});

test('each destination is told by itself', async () => {
  const [good, bad] = [await faulty({ kind: 'ok' }), await closedUrl()];
  const { report } = await probed(good, ['--forward', bad]);
  expect(linkOf(report, 'delivered', good).state).toBe('ok');
  expect(linkOf(report, 'delivered', bad).state).toBe('broken');
});

interface Listening {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
  close(): unknown;
  closeAllConnections(): void;
}

/** The port of a server that is gone when the test is over. */
async function listening(server: Listening): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

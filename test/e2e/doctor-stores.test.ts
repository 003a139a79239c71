/** `ai-trace doctor` asks the stores for its probe, and says what is wrong where it does not find it. */

import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StoreName } from '../../src/commands/doctor/stores.ts';
import { startCollector } from '../support/collector.ts';
import { kindsOf, linkOf, told } from '../support/doctor.ts';
import { standin } from '../support/standin-cli.ts';

/** What a store answers, given the path and the query of the question. */
type Says = (path: string, query: URLSearchParams) => { status: number; body: string };

interface Store {
  url: string;
  asked: readonly IncomingMessage[];
}

async function startStore(says: Says): Promise<Store> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://store');
    const { status, body } = says(pathname, searchParams);
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function asked(name: StoreName, url: string, more: readonly string[] = []) {
  const [cli, collector] = [await standin('codex'), await startCollector()];
  const words = ['--forward', collector.url, `--${name}`, url, '--wait', '0', ...more];
  return told(await cli.run({ words: ['doctor', '--json', ...words] }));
}

const none = JSON.stringify({ status: 'success', data: { result: [] } });
const some = JSON.stringify({ status: 'success', data: { result: [{ values: [] }] } });
const uuid = /([\da-f]{8})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{4})-?([\da-f]{12})/;

/** As the stores answer who has the probe; the id is in what they are asked. */
const having: Record<StoreName, Says> = {
  tempo: (path) => {
    const id = uuid.exec(path)?.slice(1).join('-') ?? '';
    return { status: 200, body: JSON.stringify({ trace: { attributes: [id] } }) };
  },
  loki: (path, query) => {
    const isKnown = path === '/loki/api/v1/query_range' && uuid.test(query.get('query') ?? '');
    return { status: 200, body: isKnown && Number(query.get('start')) > 1e18 ? some : none };
  },
  prometheus: (path, query) => ({
    status: 200,
    body: path === '/api/v1/query' && query.get('query')?.includes('probe') ? some : none,
  }),
};

/** As they answer who has it not. */
const lacking: Record<StoreName, Says> = {
  tempo: (path) =>
    path === '/api/echo' ? { status: 200, body: 'echo' } : { status: 404, body: 'not found' },
  loki: () => ({ status: 200, body: none }),
  prometheus: () => ({ status: 200, body: none }),
};

describe.each(['tempo', 'loki', 'prometheus'] as const)('%s', (name) => {
  test('that has the probe', async () => {
    const { report } = await asked(name, (await startStore(having[name])).url);
    expect(linkOf(report, 'stored', name)).toMatchObject({ state: 'ok', problems: [] });
  });

  test('that has it after a while', async () => {
    let questions = 0;
    const store = await startStore((path, query) => {
      questions += 1;
      return questions > 3 ? having[name](path, query) : lacking[name](path, query);
    });
    const { report } = await asked(name, store.url, ['--wait', '60']);
    expect(linkOf(report, 'stored', name).state).toBe('ok');
  });

  test('that has it not', async () => {
    const { code, report } = await asked(name, (await startStore(lacking[name])).url);
    expect(code).toBe(1);
    expect(kindsOf(linkOf(report, 'stored', name).problems)).toEqual(['probe_missing']);
  });

  test('that something else is in the place of', async () => {
    const page = await startStore(() => ({ status: 404, body: '<html>' }));
    const { report } = await asked(name, page.url, ['--wait', '60']);
    expect(linkOf(report, 'stored', name).problems).toEqual([
      { kind: 'no_store', text: expect.stringMatching(/is not (Tempo|Loki|Prometheus) \(HTTP 404\)/) },
    ]);
  });

  test('that wants credentials', async () => {
    const store = await startStore(() => ({ status: 401, body: '' }));
    const { report } = await asked(name, store.url, ['--wait', '60']);
    expect(kindsOf(linkOf(report, 'stored', name).problems)).toEqual(['store_unauthorized']);
  });

  test('that gets those of its address, which nobody else sees', async () => {
    const store = await startStore(having[name]);
    const { report, printed } = await asked(name, store.url.replace('//', '//me:s3cr%2Ft@'));
    expect(linkOf(report, 'stored', name).state).toBe('ok');
    expect(store.asked[0]?.headers.authorization).toBe(`Basic ${btoa('me:s3cr/t')}`);
    expect(printed).not.toMatch(/s3cr|me:/);
  });

  test('that does not answer', async () => {
    const { report } = await asked(name, 'http://127.0.0.1:1');
    expect(linkOf(report, 'stored', name).problems).toEqual([
      { kind: 'store_unreachable', text: expect.stringContaining('ECONNREFUSED') },
    ]);
  });
});

test('metrics that a CLI would send as deltas are noted where Prometheus is asked', async () => {
  const [store, collector] = [await startStore(having.prometheus), await startCollector()];
  const cli = await standin('codex');
  const exporter = '{ otlp-http = { endpoint = "http://127.0.0.1:1/v1/metrics", protocol = "binary" } }';
  writeFileSync(join(cli.home, '.codex/config.toml'), `[otel]\nmetrics_exporter = ${exporter}\n`);
  const words = ['doctor', '--json', '--forward', collector.url, '--prometheus', store.url];
  const { report } = told(await cli.run({ words }));
  expect(linkOf(report, 'stored', 'prometheus')).toMatchObject({
    state: 'ok',
    warnings: [{ kind: 'delta_metrics', text: expect.stringContaining('Codex CLI') }],
  });
});

test('nothing is looked for that was not delivered', async () => {
  const store = await startStore(having.loki);
  const cli = await standin('codex');
  const words = ['doctor', '--json', '--forward', 'none', '--loki', store.url];
  const { report } = told(await cli.run({ words }));
  expect(linkOf(report, 'stored', 'loki').state).toBe('skipped');
  expect(store.asked).toEqual([]);
});

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readPriceCache, writePriceCache } from '../../../src/pricing/price-cache.ts';
import { readPriceList } from '../../../src/pricing/price-list.ts';
import { type RefreshOptions, refreshPrices } from '../../../src/pricing/refresh.ts';
import { at, listed, remoteProviders } from './fixtures.ts';

const day = 86_400_000;

let folder: string;
let file: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-trace-prices-'));
  file = join(folder, 'cache', 'prices.json');
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** Serves every request on a loopback port; returns a fetch that goes there whatever the address. */
async function serve(answer: RequestListener): Promise<typeof fetch> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return (_url, init) => fetch(`http://127.0.0.1:${port}/data.json`, init);
}

function options(fetchImpl: typeof fetch, change: Partial<RefreshOptions> = {}): RefreshOptions {
  return { enabled: true, file, now: at, maxAgeMs: day, timeoutMs: 10_000, fetchImpl, ...change };
}

async function cachedIds(): Promise<string[] | undefined> {
  return readPriceCache(file)
    ?.newer?.list.get('openai')
    ?.map((model) => model.info.id);
}

async function cacheIds(id: string, checkedAt: number): Promise<void> {
  const list = readPriceList(remoteProviders([listed(id, { input_mtok: 1, output_mtok: 1 })]));
  if (list === null) throw new Error('unreadable test data');
  writePriceCache(file, { checkedAt, newer: { list, fetchedAt: checkedAt } });
}

const sendProviders: RequestListener = (_request, response) =>
  response.end(JSON.stringify(remoteProviders()));

describe('refreshPrices', () => {
  it('fetches the library’s own address into the cache', async () => {
    const fetchImpl = vi.fn(await serve(sendProviders));
    expect(await refreshPrices(options(fetchImpl))).toEqual({ kind: 'updated' });
    expect(String(fetchImpl.mock.calls[0]?.[0])).toMatch(
      /^https:\/\/.*\/pydantic\/genai-prices\/.*\/data\.json$/,
    );
    const cache = readPriceCache(file);
    expect(cache).toMatchObject({ checkedAt: at, newer: { fetchedAt: at } });
    expect(await cachedIds()).toEqual(['gpt-9-sol']);
  });

  it('asks again only when the last time is long enough ago', async () => {
    const fetchImpl = vi.fn(await serve(sendProviders));
    await refreshPrices(options(fetchImpl));
    expect(await refreshPrices(options(fetchImpl, { now: at + day - 1 }))).toEqual({ kind: 'recent' });
    expect(fetchImpl).toHaveBeenCalledTimes(1);
    expect(await refreshPrices(options(fetchImpl, { now: at + day }))).toEqual({ kind: 'updated' });
    expect(await refreshPrices(options(fetchImpl, { now: at + day + 1, maxAgeMs: 0 }))).toEqual({
      kind: 'updated',
    });
    expect(fetchImpl).toHaveBeenCalledTimes(3);
  });

  it('asks when the cache comes from the future, as after a wrong clock', async () => {
    await cacheIds('gpt-8-sol', at + 1000 * day);
    expect(await refreshPrices(options(await serve(sendProviders)))).toEqual({ kind: 'updated' });
  });

  it('does nothing when switched off', async () => {
    const fetchImpl = vi.fn<typeof fetch>();
    expect(await refreshPrices(options(fetchImpl, { enabled: false, maxAgeMs: 0 }))).toEqual({ kind: 'off' });
    expect(fetchImpl).not.toHaveBeenCalled();
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps the older data when nobody answers, and does not try again at once', async () => {
    await cacheIds('gpt-8-sol', at - day);
    const fetchImpl = await serve(sendProviders);
    await new Promise((resolve) => server?.close(resolve));
    expect(await refreshPrices(options(fetchImpl))).toMatchObject({
      kind: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(readPriceCache(file)).toMatchObject({ checkedAt: at, newer: { fetchedAt: at - day } });
    expect(await cachedIds()).toEqual(['gpt-8-sol']);
    expect(await refreshPrices(options(fetchImpl, { now: at + 1 }))).toEqual({ kind: 'recent' });
  });

  it('gives up on a server that never answers', async () => {
    const fetchImpl = await serve(() => {});
    const refresh = await refreshPrices(options(fetchImpl, { timeoutMs: 50 }));
    expect(refresh).toMatchObject({ kind: 'unreachable', detail: expect.stringContaining('timeout') });
  });

  it('gives up on an answer that never ends', async () => {
    const fetchImpl = await serve((_request, response) => response.write('['));
    expect(await refreshPrices(options(fetchImpl, { timeoutMs: 50 }))).toMatchObject({ kind: 'unreachable' });
  });

  it('tells an HTTP error by its status', async () => {
    const fetchImpl = await serve((_request, response) => response.writeHead(503).end('busy'));
    expect(await refreshPrices(options(fetchImpl))).toEqual({ kind: 'unreachable', detail: 'HTTP 503' });
  });

  it.each(['<html>', '{"providers":[]}', '[]', '[{"id":"openai","models":[]}]'])(
    'refuses %s',
    async (body) => {
      await cacheIds('gpt-8-sol', at - day);
      const fetchImpl = await serve((_request, response) => response.end(body));
      expect(await refreshPrices(options(fetchImpl))).toEqual({ kind: 'unreadable' });
      expect(await cachedIds()).toEqual(['gpt-8-sol']);
    },
  );

  it('tells when the cache cannot be written', async () => {
    await writeFile(join(folder, 'cache'), 'a file where the folder should be');
    expect(await refreshPrices(options(await serve(sendProviders)))).toMatchObject({ kind: 'unwritable' });
  });
});

describe('the price cache', () => {
  it('is private and leaves no temporary file', async () => {
    await cacheIds('gpt-8-sol', at);
    expect(await readdir(join(folder, 'cache'))).toEqual(['prices.json']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'cache'))).mode & 0o777).toBe(0o700);
  });

  it('gives back what was written', async () => {
    await cacheIds('gpt-8-sol', at);
    const cache = readPriceCache(file);
    expect(cache?.newer?.list).toEqual(
      readPriceList(remoteProviders([listed('gpt-8-sol', { input_mtok: 1, output_mtok: 1 })])),
    );
  });

  it.each(['', 'null', '[]', '{"library":', '{"library":"0.0.1","checked_at":1,"providers":[]}'])(
    'counts as none when it is %j',
    async (text) => {
      await writeFile(join(folder, 'prices.json'), text);
      expect(readPriceCache(join(folder, 'prices.json'))).toBeNull();
    },
  );

  it('counts as none when another version of the library wrote it', async () => {
    await cacheIds('gpt-8-sol', at);
    const stored = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...stored, library: '0.0.1' }));
    expect(readPriceCache(file)).toBeNull();
  });

  it('has no newer list when its data is damaged, but remembers the check', async () => {
    await cacheIds('gpt-8-sol', at);
    const stored = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...stored, providers: 'gone' }));
    expect(readPriceCache(file)).toEqual({ checkedAt: at, newer: null });
  });
});

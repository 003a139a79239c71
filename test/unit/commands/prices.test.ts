import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PricesArgs, type PricesIo, prices } from '../../../src/commands/prices.ts';
import { at, listed, remoteProviders } from '../pricing/fixtures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ai-trace-prices-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noNetwork: typeof fetch = () => Promise.reject(new Error('the network must not be used'));

async function run(args: Partial<PricesArgs>, change: Partial<PricesIo> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const io: PricesIo = {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    now: at,
    overrides: new Map(),
    cacheFile: join(folder, 'prices.json'),
    fetchImpl: noNetwork,
    ...change,
  };
  const code = await prices({ update: false, json: false, ...args }, io);
  return { code, stdout: out.join(''), stderr: err.join('') };
}

const ownPrices = new Map([
  ['gpt-6*', { input: 1, output: 2, cacheRead: 0.5, cacheWrite: 1, cacheWrite1h: 1 }],
]);

function lineOf(text: string, model: string): string | undefined {
  return text.split('\n').find((line) => line.includes(model));
}

describe('prices', () => {
  it('lists the models of the three CLIs within 60 columns', async () => {
    const { code, stdout, stderr } = await run({});
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('@pydantic/genai-prices 0.1.8');
    expect(lineOf(stdout, 'gpt-5.5')).toBe(' gpt-5.5                 5.00  0.50     -     - 30.00 >272k');
    expect(lineOf(stdout, 'claude-opus-5-5')).toBe(' claude-opus-5-5         4.00  0.20  5.00  8.00 20.00');
    expect(lineOf(stdout, 'claude-haiku-5-5')).toBe('~claude-haiku-5-5        1.00  0.10  1.25  2.00  5.00');
    expect(lineOf(stdout, 'gemini-3.1-pro-preview')).toBe(
      ' gemini-3.1-pro-preview  2.00  0.20     -     - 12.00 >200k',
    );
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(stdout).not.toContain('your config');
  });

  it('lists the user’s own prices first', async () => {
    const { stdout } = await run({}, { overrides: ownPrices });
    expect(lineOf(stdout, 'gpt-6*')).toBe(' gpt-6*                  1.00  0.50  1.00  1.00  2.00');
    expect(lineOf(stdout, 'gpt-6-sol')).toBe(' gpt-6-sol               1.00  0.50  1.00  1.00  2.00');
    expect(stdout.indexOf('your config')).toBeLessThan(stdout.indexOf('openai'));
  });

  it('tells what one model costs, above the threshold too, and where the figure comes from', async () => {
    const { code, stdout } = await run({ model: 'gpt-6.1-sol' });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'gpt-6.1-sol (openai)',
        'USD per million tokens',
        '',
        '  input tokens of a request               >272k',
        '  input                          2.00      4.00',
        '  cache read                     0.20      0.40',
        '  cache write, 5 minutes         2.50      5.00',
        '  cache write, 1 hour            2.50      5.00',
        '  output                        10.00     15.00',
        '',
        'Estimate: it is not in the list, so this is the price',
        'of its nearest relative, gpt-6-sol.',
        'List: @pydantic/genai-prices 0.1.8',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['claude-opus-5-5', 'List price of claude-opus-5-5.'],
    ['gpt-5-codex', 'Estimate: the list prices this name like\ngpt-5.'],
    [
      'us.anthropic.claude-opus-4-5-v1:0',
      'Estimate: list price of claude-opus-4-5;\nthe seller in this name may ask another.',
    ],
    ['llama-4', 'Estimate: neither it nor a relative is in the list, so\nthis is a flat rate.'],
    ['gpt-6-luna', 'Your own price: [prices."gpt-6*"] in the config.'],
  ])('says where the price of %s comes from', async (model, origin) => {
    expect((await run({ model }, { overrides: ownPrices })).stdout).toContain(origin);
  });

  it('has a form for machines', async () => {
    const one = JSON.parse((await run({ model: 'gpt-5.5', json: true })).stdout);
    expect(one).toEqual({
      list: { package: '@pydantic/genai-prices', version: '0.1.8', fetched_at: null },
      vendor: 'openai',
      model: 'gpt-5.5',
      origin: 'list',
      priced_as: 'gpt-5.5',
      estimated: false,
      usd_per_million_tokens: {
        input: 5,
        cache_read: 0.5,
        cache_write: null,
        cache_write_1h: null,
        output: 30,
      },
      long_context: [
        {
          above_input_tokens: 271_999,
          usd_per_million_tokens: {
            input: 10,
            cache_read: 1,
            cache_write: null,
            cache_write_1h: null,
            output: 45,
          },
        },
      ],
    });
    const all = JSON.parse((await run({ json: true })).stdout);
    expect(all.models.find((row: { model: string }) => row.model === 'claude-sonnet-5-5')).toMatchObject({
      vendor: 'anthropic',
      origin: 'family',
      priced_as: 'claude-sonnet-5',
      estimated: true,
    });
  });
});

describe('prices --update', () => {
  const newer = remoteProviders([listed('gpt-6.1-sol', { input_mtok: 7, output_mtok: 9 })]);
  const online: typeof fetch = () => Promise.resolve(new Response(JSON.stringify(newer)));

  it('fetches newer prices, which later runs use without the network', async () => {
    const updated = await run({ model: 'gpt-6.1-sol', update: true }, { fetchImpl: online });
    expect(updated).toMatchObject({ code: 0, stderr: '' });
    expect(updated.stdout).toMatch(/input +7\.00\n/);
    expect(updated.stdout).toContain('List: @pydantic/genai-prices of 2026-11-21');
    const later = await run({ model: 'gpt-6.1-sol', json: true });
    expect(JSON.parse(later.stdout)).toMatchObject({
      list: { fetched_at: '2026-11-21T12:00:00.000Z' },
      origin: 'list',
      usd_per_million_tokens: { input: 7 },
    });
  });

  it('prints the known prices all the same when there is no network, and fails', async () => {
    const { code, stdout, stderr } = await run({ model: 'gpt-5.5', update: true });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'ai-trace: newer prices could not be fetched (the network must not be used); showing the prices known so far\n',
    );
    expect(stdout).toContain('List: @pydantic/genai-prices 0.1.8');
  });

  it('refuses an answer that is no price list', async () => {
    const strange: typeof fetch = () => Promise.resolve(new Response('<html>'));
    const { code, stderr } = await run({ update: true }, { fetchImpl: strange });
    expect(code).toBe(1);
    expect(stderr).toContain('a format this version cannot read');
  });
});

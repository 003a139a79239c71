import { currentModels } from '../pricing/current-models.ts';
import { libraryVersion, loadLibrary } from '../pricing/library.ts';
import type { PriceOverrides } from '../pricing/overrides.ts';
import { readPriceCache } from '../pricing/price-cache.ts';
import { updatedList, vendors } from '../pricing/price-list.ts';
import { vendorOf } from '../pricing/price-source.ts';
import { type Quote, quote, type Rates } from '../pricing/quote.ts';
import { type Refresh, refreshPrices } from '../pricing/refresh.ts';

export interface PricesArgs {
  model?: string;
  update: boolean;
  json: boolean;
}

export interface PricesIo {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  /** Unix ms. */
  now: number;
  overrides: PriceOverrides;
  cacheFile: string;
  fetchImpl?: typeof fetch;
}

interface Row extends Quote {
  vendor: string | null;
  model: string;
}

/**
 * `ai-trace prices [MODEL] [--update] [--json]`: what a model costs, or the models the three CLIs use.
 * Returns the exit code: 1 when newer prices were asked for and could not be had (the known ones are printed
 * all the same).
 */
export async function prices(args: PricesArgs, io: PricesIo): Promise<number> {
  const failure = args.update ? updateFailure(await update(io)) : null;
  if (failure !== null) io.stderr(`ai-trace: ${failure}; showing the prices known so far\n`);

  const library = await loadLibrary();
  const newer = readPriceCache(io.cacheFile)?.newer ?? null;
  const list = newer === null ? library.bundled : updatedList(library.bundled, newer.list);
  const rowOf = (vendor: string | null, model: string): Row => {
    return {
      vendor,
      model,
      ...quote(library, { overrides: io.overrides, list }, vendor ?? '', model, io.now),
    };
  };
  const fetchedAt = newer === null ? null : new Date(newer.fetchedAt).toISOString();
  const listed = { package: '@pydantic/genai-prices', version: libraryVersion, fetched_at: fetchedAt };
  const edition = fetchedAt === null ? libraryVersion : `of ${fetchedAt.slice(0, 10)}`;
  const listName = `${listed.package} ${edition}`;

  if (args.model !== undefined) {
    const row = rowOf(vendorOf(list, args.model), args.model);
    io.stdout(args.json ? toJson({ list: listed, ...jsonRow(row) }) : modelText(row, listName));
  } else {
    const own = [...io.overrides.keys()].map((pattern) => rowOf(null, pattern));
    const rows = [
      ...own,
      ...vendors.flatMap((vendor) => currentModels[vendor].map((model) => rowOf(vendor, model))),
    ];
    io.stdout(args.json ? toJson({ list: listed, models: rows.map(jsonRow) }) : tableText(rows, listName));
  }
  return failure === null ? 0 : 1;
}

function update(io: PricesIo): Promise<Refresh> {
  const fetchImpl = io.fetchImpl ?? fetch;
  return refreshPrices({
    enabled: true,
    file: io.cacheFile,
    now: io.now,
    maxAgeMs: 0,
    timeoutMs: 10_000,
    fetchImpl,
  });
}

function updateFailure(refresh: Refresh): string | null {
  switch (refresh.kind) {
    case 'off':
    case 'recent':
    case 'updated':
      return null;
    case 'unreachable':
      return `newer prices could not be fetched (${refresh.detail})`;
    case 'unreadable':
      return 'newer prices have a format this version cannot read';
    case 'unwritable':
      return `newer prices could not be stored (${refresh.detail})`;
  }
}

const tableColumns: readonly { head: string; of: (rates: Rates) => number | null }[] = [
  { head: 'in', of: (rates) => rates.input },
  { head: 'read', of: (rates) => rates.cacheRead },
  { head: 'write', of: (rates) => rates.cacheWrite },
  { head: '1h', of: (rates) => rates.cacheWrite1h },
  { head: 'out', of: (rates) => rates.output },
];

function tableText(rows: Row[], listName: string): string {
  const head = tableColumns.map((column) => column.head.padStart(6)).join('');
  const lines = ['USD per million tokens', listName];
  for (const vendor of [null, ...vendors]) {
    const own = rows.filter((row) => row.vendor === vendor);
    if (own.length > 0) lines.push('', `${vendor ?? 'your config'}`.padEnd(23) + head, ...own.map(tableRow));
  }
  return [
    ...lines,
    '',
    'in, out   input and output',
    'read      input read from the cache',
    'write, 1h input written to it for 5 minutes, for 1 hour',
    '-         no price of its own: as input (1h: as write)',
    '~         estimate: the price of a near relative',
    '>272k     dearer with more input than that in a request;',
    '          ai-trace prices MODEL tells how much',
    '',
  ].join('\n');
}

function tableRow(row: Row): string {
  const cells = tableColumns.map((column) => usd(column.of(row.rates)).padStart(6)).join('');
  const long = row.longContext[0];
  const name = `${row.estimated ? '~' : ' '}${row.model}`.padEnd(23);
  return `${name}${cells}${long === undefined ? '' : ` >${thousands(long.above)}`}`;
}

const modelLines: readonly { label: string; of: (rates: Rates) => number | null }[] = [
  { label: 'input', of: (rates) => rates.input },
  { label: 'cache read', of: (rates) => rates.cacheRead ?? rates.input },
  { label: 'cache write, 5 minutes', of: (rates) => rates.cacheWrite ?? rates.input },
  { label: 'cache write, 1 hour', of: (rates) => rates.cacheWrite1h ?? rates.cacheWrite ?? rates.input },
  { label: 'output', of: (rates) => rates.output },
];

function modelText(row: Row, listName: string): string {
  const levels = [row.rates, ...row.longContext.map((level) => level.rates)];
  const heads = ['', ...row.longContext.map((level) => `>${thousands(level.above)}`)];
  const cells = (texts: string[]) => texts.map((text) => text.padStart(10)).join('');
  return [
    `${row.model}${row.vendor === null ? '' : ` (${row.vendor})`}`,
    'USD per million tokens',
    '',
    ...(levels.length > 1 ? [`  ${'input tokens of a request'.padEnd(25)}${cells(heads)}`] : []),
    ...modelLines.map(
      ({ label, of }) => `  ${label.padEnd(25)}${cells(levels.map((rates) => usd(of(rates))))}`,
    ),
    '',
    ...originText(row, listName),
    '',
  ].join('\n');
}

function originText(row: Row, listName: string): string[] {
  const list = `List: ${listName}`;
  switch (row.origin) {
    case 'override':
      return [`Your own price: [prices.${JSON.stringify(row.pricedAs)}] in the config.`];
    case 'list':
      return [...listText(row), list];
    case 'family':
      return [
        'Estimate: it is not in the list, so this is the price',
        `of its nearest relative, ${row.pricedAs}.`,
        list,
      ];
    case 'fallback':
      return ['Estimate: neither it nor a relative is in the list, so', 'this is a flat rate.', list];
  }
}

function listText(row: Row): string[] {
  switch (row.match) {
    case 'alias':
      return ['Estimate: the list prices this name like', `${row.pricedAs}.`];
    case 'other-seller':
      return [`Estimate: list price of ${row.pricedAs};`, 'the seller in this name may ask another.'];
    default:
      return [`List price of ${row.pricedAs}.`];
  }
}

function jsonRow(row: Row): object {
  return {
    vendor: row.vendor,
    model: row.model,
    origin: row.origin,
    priced_as: row.pricedAs,
    estimated: row.estimated,
    usd_per_million_tokens: jsonRates(row.rates),
    long_context: row.longContext.map(({ above, rates }) => {
      return { above_input_tokens: above, usd_per_million_tokens: jsonRates(rates) };
    }),
  };
}

function jsonRates(rates: Rates): object {
  return {
    input: rates.input,
    cache_read: rates.cacheRead,
    cache_write: rates.cacheWrite,
    cache_write_1h: rates.cacheWrite1h,
    output: rates.output,
  };
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** At least cents, at most four decimals: `5.00`, `3.125`. */
function usd(rate: number | null): string {
  if (rate === null) return '-';
  return rate.toFixed(4).replace(/0{1,2}$/, '');
}

function thousands(tokens: number): string {
  return `${Math.round(tokens / 1000)}k`;
}

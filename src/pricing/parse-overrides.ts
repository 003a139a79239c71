import type { OverridePrice, PriceOverrides } from './overrides.ts';

export type OverrideProblem = 'not-a-table' | 'not-a-price' | 'missing' | 'unknown-key' | 'star-not-last';

export type ParsedOverrides =
  | { ok: true; overrides: PriceOverrides }
  | {
      ok: false /** Path of the bad value, as in TOML: `prices."gpt-6*".input`. */;
      key: string;
      reason: OverrideProblem;
    };

const priceKeys = ['input', 'output', 'cache_read', 'cache_write', 'cache_write_1h'];

/**
 * Reads the parsed `[prices]` table of the user's config file: per model `input` and `output`, and if wanted
 * `cache_read` (default: `input`), `cache_write` (default: `input`) and `cache_write_1h` (default:
 * `cache_write`), USD per million tokens, 0 allowed. `undefined` (no such table) is no override.
 */
export function parseOverrides(value: unknown): ParsedOverrides {
  if (value === undefined) return { ok: true, overrides: new Map() };
  if (!isTable(value)) return { ok: false, key: 'prices', reason: 'not-a-table' };
  const overrides = new Map<string, OverridePrice>();
  for (const [model, table] of Object.entries(value)) {
    const key = `prices.${JSON.stringify(model)}`;
    if (model.slice(0, -1).includes('*')) return { ok: false, key, reason: 'star-not-last' };
    if (!isTable(table)) return { ok: false, key, reason: 'not-a-table' };
    const problem = problemOf(table);
    if (problem !== null) return { ok: false, key: `${key}.${problem.key}`, reason: problem.reason };
    overrides.set(model, readPrice(table));
  }
  return { ok: true, overrides };
}

function problemOf(table: Record<string, unknown>): { key: string; reason: OverrideProblem } | null {
  for (const [key, price] of Object.entries(table)) {
    if (!priceKeys.includes(key)) return { key, reason: 'unknown-key' };
    if (!isPrice(price)) return { key, reason: 'not-a-price' };
  }
  const missing = ['input', 'output'].find((key) => table[key] === undefined);
  return missing === undefined ? null : { key: missing, reason: 'missing' };
}

function readPrice(table: Record<string, unknown>): OverridePrice {
  const price = (key: string, fallback: number): number => {
    const value = table[key];
    return isPrice(value) ? value : fallback;
  };
  const input = price('input', 0);
  const cacheWrite = price('cache_write', input);
  return {
    input,
    output: price('output', 0),
    cacheRead: price('cache_read', input),
    cacheWrite,
    cacheWrite1h: price('cache_write_1h', cacheWrite),
  };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

import type { Parsed } from './option.ts';

const variable = 'AI_TRACE_PRICE_UPDATES';

/**
 * May newer list prices be fetched, once a day and in the background? `price_updates = false` in the user
 * file or AI_TRACE_PRICE_UPDATES=0 switches it off. `source` of a bad value is the variable, or undefined for
 * the file.
 */
export function parsePriceUpdates(
  env: NodeJS.ProcessEnv,
  value: unknown,
): Parsed<boolean> & { source?: string } {
  const text = env[variable]?.trim();
  if (text) {
    if (/^(1|true|yes|on)$/i.test(text)) return { ok: true, value: true };
    if (/^(0|false|no|off)$/i.test(text)) return { ok: true, value: false };
    return { ok: false, source: variable, value: text, reason: 'neither true nor false' };
  }
  if (value === undefined) return { ok: true, value: true };
  if (typeof value === 'boolean') return { ok: true, value };
  return { ok: false, value: String(value), reason: 'must be true or false' };
}

import { loadLibrary } from './library.ts';
import { readPriceCache, writePriceCache } from './price-cache.ts';
import { readPriceList } from './price-list.ts';

export interface RefreshOptions {
  /** False where the user switched the refresh off. */
  enabled: boolean;
  /** The cache, `${XDG_CACHE_HOME:-~/.cache}/ai-trace/prices.json` by convention. */
  file: string;
  /** Unix ms. */
  now: number;
  /** A younger check is not repeated, ms; 0 always asks. */
  maxAgeMs: number;
  /** For the whole transfer, ms. */
  timeoutMs: number;
  fetchImpl: typeof fetch;
}

/**
 * `unreachable` covers every way of not getting an answer, HTTP errors included; `unreadable` is an answer
 * that is no price list.
 */
export type Refresh =
  | { kind: 'off' | 'recent' | 'updated' | 'unreadable' }
  | { kind: 'unreachable' | 'unwritable'; detail: string };

/**
 * Fetches the price library's newer data (its own `REMOTE_DATA_JSON_URL`) into the cache, unless it was
 * looked for lately. Never throws and prints nothing; a failed attempt keeps the data of an earlier one.
 */
export async function refreshPrices(options: RefreshOptions): Promise<Refresh> {
  const { file, now } = options;
  if (!options.enabled) return { kind: 'off' };
  const cached = readPriceCache(file);
  const age = now - (cached?.checkedAt ?? Number.NEGATIVE_INFINITY);
  if (age >= 0 && age < options.maxAgeMs) return { kind: 'recent' };

  const answer = await fetchText(options);
  const list = answer.ok ? readPriceList(parseJson(answer.text)) : null;
  const newer = list === null ? (cached?.newer ?? null) : { list, fetchedAt: now };
  try {
    writePriceCache(file, { checkedAt: now, newer });
  } catch (error) {
    return { kind: 'unwritable', detail: messageOf(error) };
  }
  if (!answer.ok) return { kind: 'unreachable', detail: answer.detail };
  return { kind: list === null ? 'unreadable' : 'updated' };
}

async function fetchText(
  options: RefreshOptions,
): Promise<{ ok: true; text: string } | { ok: false; detail: string }> {
  try {
    const { remoteUrl } = await loadLibrary();
    const response = await options.fetchImpl(remoteUrl, { signal: AbortSignal.timeout(options.timeoutMs) });
    if (!response.ok) {
      await response.body?.cancel();
      return { ok: false, detail: `HTTP ${response.status}` };
    }
    return { ok: true, text: await response.text() };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** fetch hides the reason (`ECONNREFUSED …`) in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}

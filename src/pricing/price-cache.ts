import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { libraryVersion } from './library.ts';
import { type PriceList, readPriceList } from './price-list.ts';

/** What `prices.json` in the cache directory keeps. Times are Unix ms. */
export interface PriceCache {
  /**
   * When newer data was last looked for, also without success: the network is asked once a day, not once a
   * session.
   */
  checkedAt: number;
  /** The newer list, or null as long as none could be had. */
  newer: { list: PriceList; fetchedAt: number } | null;
}

/**
 * Reads the cache; null when there is none, or none that is usable. A cache made with another version of the
 * library counts as none: its data may be older than what is bundled now.
 */
export function readPriceCache(file: string): PriceCache | null {
  let stored: unknown;
  try {
    stored = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
  if (typeof stored !== 'object' || stored === null) return null;
  const fields = stored as Record<string, unknown>;
  const checkedAt = fields['checked_at'];
  const fetchedAt = fields['fetched_at'];
  if (fields['library'] !== libraryVersion || typeof checkedAt !== 'number') return null;
  const list = readPriceList(fields['providers']);
  return { checkedAt, newer: list !== null && typeof fetchedAt === 'number' ? { list, fetchedAt } : null };
}

/**
 * Writes the cache in one step (temporary file and rename, directory 0700, file 0600). Throws the file
 * system's error.
 */
export function writePriceCache(file: string, cache: PriceCache): void {
  const providers = [...(cache.newer?.list ?? [])].map(([id, models]) => ({
    id,
    models: models.map((model) => model.info),
  }));
  const text = JSON.stringify({
    library: libraryVersion,
    checked_at: cache.checkedAt,
    fetched_at: cache.newer?.fetchedAt ?? null,
    providers,
  });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
export async function readPriceCache(file: string): Promise<PriceCache | null> {
  let stored: unknown;
  try {
    stored = JSON.parse(await readFile(file, 'utf8'));
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
export async function writePriceCache(file: string, cache: PriceCache): Promise<void> {
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
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

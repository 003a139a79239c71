/**
 * What the tests need and is too large to make each time, kept outside the checkout: `$AI_TRACE_CACHE`, else
 * `$XDG_CACHE_HOME` or `~/.cache`; below it `ai-trace-dev/`.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { env, stderr } from 'node:process';

/**
 * Makes a folder of the cache if it is not there yet: in a temporary folder beside, then renamed, so that neither two runs at
 * once nor a broken one do harm.
 * @param {string} name path below the cache
 * @param {string} doing for people: what is made, and how long it takes
 * @param {(folder: string) => Promise<void>} make fills the folder
 * @returns {Promise<string>} absolute path of the folder
 * @throws what `make` throws; the cache is then as it was before
 */
export async function ensureCached(name, doing, make) {
  const folder = resolve(
    env.AI_TRACE_CACHE || env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'ai-trace-dev',
    name,
  );
  if (isComplete(folder)) {
    stderr.write(`${name}: in the cache\n`);
    return folder;
  }
  stderr.write(`${name}: ${doing}\n`);
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}.`);
  try {
    await make(staging);
    await writeFile(marker(staging), '');
    await publish(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/** Moves a finished folder to its place, unless another run was faster. */
async function publish(staging, folder) {
  if (existsSync(folder) && !isComplete(folder)) await rm(folder, { recursive: true, force: true });
  try {
    await rename(staging, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error;
  }
}

function marker(folder) {
  return join(folder, 'complete');
}

function isComplete(folder) {
  return existsSync(marker(folder));
}

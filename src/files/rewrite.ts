import { randomUUID } from 'node:crypto';
import { chmod, chown, mkdir, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Writes a file that belongs to the user as a whole, so that nobody sees a part of it, and leaves it what it was:
 * links, owner and mode stay. A file with several names is written in its place, or the others would keep the old
 * text. One that is not there gets the mode 0600, and its folder is made.
 *
 * @throws the file system's error; the file is then as it was.
 */
export async function rewriteFile(path: string, text: string): Promise<void> {
  const target = await targetOf(path);
  const before = await stat(target).catch(ifAbsent);
  if (before !== undefined && before.nlink > 1) return writeFile(target, text);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    if (before !== undefined) await likeBefore(temporary, before);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function likeBefore(file: string, { uid, gid, mode }: Awaited<ReturnType<typeof stat>>): Promise<void> {
  const made = await stat(file);
  if (made.uid !== uid || made.gid !== gid) await chown(file, Number(uid), Number(gid));
  // After chown, which takes away some of its bits.
  await chmod(file, Number(mode) & 0o7777);
}

/** Behind all links, also one that leads to a file which is not there (yet). */
async function targetOf(path: string, depth = 0): Promise<string> {
  const real = await realpath(path).catch(ifAbsent);
  if (real !== undefined) return real;
  const link = await readlink(path).catch(() => undefined);
  if (link !== undefined && depth < 40) return targetOf(resolve(dirname(path), link), depth + 1);
  const folder = await realpath(dirname(path)).catch(ifAbsent);
  return folder === undefined ? path : join(folder, basename(path));
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

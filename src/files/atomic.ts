import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';

export type WriteResult = { kind: 'written' } | { kind: 'failed'; reason: string };

/**
 * Writes a whole file: readers see the old text or the new one, never a part. Missing directories are made
 * (0700). A symbolic link stays and its target is replaced; a device or pipe (`/dev/stderr`) is written to.
 * The reason of a failure is the system's error code; no temporary file stays behind. Not synced to disk: a
 * power cut may lose the file, a crash of ours may not.
 */
export async function writeFileAtomic(path: string, text: string, mode = 0o600): Promise<WriteResult> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const kind = await kindOf(path);
    if (kind === 'other') await writeFile(path, text);
    else await replace(kind === 'file' ? await realpath(path) : path, text, mode);
    return { kind: 'written' };
  } catch (error) {
    return { kind: 'failed', reason: errorCode(error) };
  }
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** `other` is what must not be replaced by a file: a directory (writing fails), a device, a pipe. */
async function kindOf(path: string): Promise<'file' | 'absent' | 'other'> {
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
}

import { randomUUID } from 'node:crypto';
import { mkdirSync, promises, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';

export type WriteResult = { kind: 'written' } | { kind: 'failed'; reason: string };

/**
 * Writes a whole file: readers see the old text or the new one, never a part. Missing directories are made
 * (0700). A symbolic link stays and its target is replaced; a device or pipe (`/dev/stderr`) is written to.
 * The reason of a failure is the system's error code; no temporary file stays behind. Not synced to disk: a
 * power cut may lose the file, a crash of ours may not. Files are written without other threads: 0.3 instead of 2 ms of a session's end.
 */
export async function writeFileAtomic(path: string, text: string, mode = 0o600): Promise<WriteResult> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const kind = kindOf(path);
    // Whoever reads from a pipe may have us wait.
    if (kind === 'other') await promises.writeFile(path, text);
    else replace(kind === 'file' ? realpathSync(path) : path, text, mode);
    return { kind: 'written' };
  } catch (error) {
    return { kind: 'failed', reason: errorCode(error) };
  }
}

function replace(path: string, text: string, mode: number): void {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    writeFileSync(temporary, text, { mode, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** `other` is what must not be replaced by a file: a directory (writing fails), a device, a pipe. */
function kindOf(path: string): 'file' | 'absent' | 'other' {
  try {
    return statSync(path).isFile() ? 'file' : 'other';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'absent';
    throw error;
  }
}

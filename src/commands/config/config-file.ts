import { constants, existsSync } from 'node:fs';
import { access, readFile, realpath, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../files/error-code.ts';
import { rewriteFile } from '../../files/rewrite.ts';

export type ReadConfig =
  | { kind: 'text'; text: string }
  | { kind: 'absent' }
  | { kind: 'not_utf8' }
  | { kind: 'failed'; reason: string };

/** Byte order mark included; bytes that are no UTF-8 would not come back as they were. */
export async function readConfig(file: string): Promise<ReadConfig> {
  try {
    const bytes = await readFile(file);
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError && errorCode(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return { kind: 'not_utf8' };
    }
    return errorCode(error) === 'ENOENT' ? { kind: 'absent' } : { kind: 'failed', reason: errorCode(error) };
  }
}

export type Replaced =
  | { kind: 'done' }
  | { kind: 'read_only' }
  /** Somebody has written since it was read. */
  | { kind: 'busy' }
  | { kind: 'failed'; reason: string };

/** @param before its text when it was read, undefined for none; @param after undefined removes the file. */
export async function replaceConfig(
  file: string,
  before: string | undefined,
  after: string | undefined,
): Promise<Replaced> {
  try {
    const now = await readConfig(file);
    if ((now.kind === 'text' ? now.text : undefined) !== before) return { kind: 'busy' };
    if (before !== undefined && (await isReadOnly(file))) return { kind: 'read_only' };
    if (after === undefined) await unlink(await realpath(file));
    else await rewriteFile(file, after);
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'failed', reason: errorCode(error) };
  }
}

/** Folders that have to be made for a file, the outermost first. */
export function missingFolders(file: string): string[] {
  const folder = dirname(file);
  return existsSync(folder) || folder === file ? [] : [...missingFolders(folder), folder];
}

/** Those that are empty. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) await rmdir(folder).catch(() => {});
}

/** The superuser may write everywhere, but a file without any permission to write is not meant to be written. */
async function isReadOnly(file: string): Promise<boolean> {
  const { mode } = await stat(file);
  if ((mode & 0o222) === 0) return true;
  return access(file, constants.W_OK).then(
    () => false,
    () => true,
  );
}

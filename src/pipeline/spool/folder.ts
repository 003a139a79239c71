import { chmodSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the folder with those above it, 0700.
 * @throws the file system's error, or one with the code EPERM when the folder is not this user's alone.
 */
export function makeOwnFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!isOwnFolder(dir)) {
    throw Object.assign(new Error(`${dir} is not this user's alone`), { code: 'EPERM' });
  }
  // One that was there before may be open to be read by others.
  if (process.platform !== 'win32' && (lstatSync(dir).mode & 0o077) !== 0) chmodSync(dir, 0o700);
}

/**
 * Somebody may have been there first: what lies in a folder of theirs is not ours to send, and they could
 * read what we put there. False as well when there is none.
 */
export function isOwnFolder(dir: string): boolean {
  try {
    const stat = lstatSync(dir);
    // Who can rename the folder can put another in its place. The one above may be a link of the user's.
    return stat.isDirectory() && isUsersAlone(stat) && isUsersAlone(statSync(dirname(dir)));
  } catch {
    return false;
  }
}

/** When a file was last written or claimed, Unix ms; `now` when it is gone: somebody took it just now. */
export function touchedAt(path: string, now: number): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return now;
  }
}

/** The user's or root's, and nobody else can change what is in it. */
export function isUsersAlone({ uid: owner, mode }: Stats): boolean {
  const uid = process.getuid?.();
  // Windows has neither owner nor mode; the user's directories are the user's own.
  if (uid === undefined) return true;
  // In a sticky directory, /tmp itself, others cannot touch what is not theirs.
  const isClosed = (mode & 0o022) === 0 || (mode & 0o1000) !== 0;
  return (owner === uid || owner === 0) && isClosed;
}

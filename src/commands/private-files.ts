import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isUsersAlone } from '../pipeline/spool/folder.ts';

/** Files of one run that only this user may read: they hold the listener's secret. */
export class PrivateFiles {
  readonly #dir: string;
  readonly #prefix: string;
  readonly #written: string[] = [];

  constructor(dir: string, prefix: string) {
    this.#dir = dir;
    this.#prefix = prefix;
  }

  /** Returns the path. @throws the file system's error. */
  write(name: string, text: string): string {
    const path = join(this.#dir, `${this.#prefix}.${name}`);
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    assertOwn(dirname(this.#dir));
    assertOwn(this.#dir);
    chmodSync(this.#dir, 0o700);
    // wx follows no link and takes over no file that was put there.
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    this.#written.push(path);
    return path;
  }

  remove(): void {
    for (const path of this.#written) rmSync(path, { force: true });
  }
}

/**
 * In a shared /tmp somebody may have been there first: who can rename the directory can put settings of
 * theirs in the place of ours. @throws when it is a link, another user's, or open to be written by others.
 */
function assertOwn(dir: string): void {
  const stat = lstatSync(dir);
  if (!stat.isDirectory() || !isUsersAlone(stat)) throw new Error(`${dir} is not this user's alone`);
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Names, sorted; none when it cannot be read. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

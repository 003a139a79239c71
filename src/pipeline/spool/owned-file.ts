import { readFileSync, renameSync, utimesSync } from 'node:fs';
import { decodeEntry, type SpoolEntry } from './entry.ts';
import type { EntryName } from './entry-name.ts';
import { errorCode } from './error-code.ts';
import type { Owner } from './owner.ts';
import type { SpoolFolder } from './spool-folder.ts';

/** The file of an entry that this process owns. Others may still evict it. */
export class OwnedFile {
  readonly #folder: SpoolFolder;
  readonly #name: EntryName;

  constructor(folder: SpoolFolder, name: EntryName) {
    this.#folder = folder;
    this.#name = name;
  }

  /** Makes a waiting file this process's own; null when somebody was faster, or it cannot be. */
  static claim(folder: SpoolFolder, name: EntryName, self: Owner): OwnedFile | null {
    const own = new OwnedFile(folder, { ...name, owner: self });
    const now = Date.now() / 1000;
    try {
      // Before it has our name: where nobody can ask after us, its age tells whether we live.
      utimesSync(folder.pathOf(name), now, now);
      renameSync(folder.pathOf(name), folder.pathOf(own.#name));
      return own;
    } catch {
      return null;
    }
  }

  /** null when it is gone or cannot be read. */
  read(): { entry: SpoolEntry; body: Buffer } | 'damaged' | null {
    try {
      return decodeEntry(readFileSync(this.#folder.pathOf(this.#name))) ?? 'damaged';
    } catch (error) {
      // Something else under an entry's name.
      return errorCode(error) === 'EISDIR' ? 'damaged' : null;
    }
  }

  remove(): boolean {
    return this.#folder.remove(this.#name);
  }

  setAside(): void {
    this.#rename({ ...this.#name, owner: null, state: 'refused' });
  }

  release(): boolean {
    return this.#rename({ ...this.#name, owner: null });
  }

  /** false when it was evicted meanwhile; or nothing can be changed here any more, and it is ours until we die. */
  #rename(to: EntryName): boolean {
    try {
      renameSync(this.#folder.pathOf(this.#name), this.#folder.pathOf(to));
      return true;
    } catch {
      return false;
    }
  }
}

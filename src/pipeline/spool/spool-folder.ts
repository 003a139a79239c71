import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { byAge, type EntryName, formatEntryName, parseEntryName } from './entry-name.ts';
import { isOwnFolder, touchedAt } from './folder.ts';
import { isDead, type Owner, type ProcessFacts, rememberFacts } from './owner.ts';

/** The files of all sessions' entries, as far as their names tell. */
export class SpoolFolder {
  readonly #dir: string;
  readonly #self: Owner;
  readonly #facts: ProcessFacts;

  constructor(dir: string, self: Owner, facts: ProcessFacts) {
    this.#dir = dir;
    this.#self = self;
    this.#facts = facts;
  }

  pathOf(name: EntryName): string {
    return join(this.#dir, formatEntryName(name));
  }

  /** Every file of an entry, oldest first; whatever else is there is no concern of ours. */
  names(): EntryName[] {
    const names = this.#read().map(parseEntryName);
    return names.filter((name) => name !== null).sort(byAge(this.#facts.now()));
  }

  /** Those of the names whose owner is dead, or that have none. */
  abandoned(names: readonly EntryName[]): EntryName[] {
    // Each process is asked after once: it may have left hundreds of entries.
    const facts = rememberFacts(this.#facts);
    const lastTouch = (name: EntryName) => touchedAt(this.pathOf(name), facts.now());
    return names.filter(
      (name) => name.owner === null || isDead(name.owner, this.#self, facts, () => lastTouch(name)),
    );
  }

  /** Removes what a process was writing when it died. @returns the other names. */
  sweep(names: readonly EntryName[]): EntryName[] {
    const left = new Set(this.abandoned(names.filter((name) => name.state === 'temporary')));
    for (const name of left) this.remove(name);
    return names.filter((name) => !left.has(name));
  }

  /** false when it was gone already, or cannot be removed. */
  remove(name: EntryName): boolean {
    try {
      unlinkSync(this.pathOf(name));
      return true;
    } catch {
      return false;
    }
  }

  /** Nothing when the folder cannot be read or is not the user's own. */
  #read(): string[] {
    try {
      return isOwnFolder(this.#dir) ? readdirSync(this.#dir) : [];
    } catch {
      return [];
    }
  }
}

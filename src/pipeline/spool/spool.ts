import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync } from 'node:fs';
import { encodeEntry, type SpoolEntry } from './entry.ts';
import { destinationSum, type EntryName, nameNumber } from './entry-name.ts';
import { errorCode } from './error-code.ts';
import { makeOwnFolder } from './folder.ts';
import { OwnedFile } from './owned-file.ts';
import { type Owner, type ProcessFacts, plainFacts } from './owner.ts';
import { Room } from './room.ts';
import { SpoolFolder } from './spool-folder.ts';
import { writeAll } from './write-all.ts';

/** The reason is the system's error code; EFBIG for one that is larger than the whole spool may be. */
export type Kept = { kind: 'kept'; entry: OwnedEntry } | { kind: 'failed'; reason: string };

/** Owned by this process: nobody else sends or takes it. None of its methods throws. */
export interface OwnedEntry extends SpoolEntry {
  /** Size of the file. */
  bytes: number;
  /** The body as it was given; null when it is gone (evicted) or damaged (then removed and counted). */
  read(): Buffer | null;
  /** It is delivered, or given up. */
  remove(): void;
  /** It is poisonous: kept for people to look at, never listed again. */
  setAside(): void;
  /** Back to everybody, for a later run. false when it is gone (evicted). */
  release(): boolean;
}

export interface WaitingEntry {
  at: number;
  records: number;
  bytes: number;
  /** false when it is surely not for this destination; only the claimed entry tells for certain. */
  isFor(destination: string): boolean;
  /** null when somebody was faster, or it is damaged (then removed and counted). */
  claim(): OwnedEntry | null;
}

export interface SpoolReport {
  /** Log records, spans and metric points that had to make room for later ones. */
  evictedRecords: number;
  damagedEntries: number;
  /** Error code of the first write that failed; null when none did. */
  failure: string | null;
}

export interface SpoolOptions {
  dir: string;
  /**
   * For all files of entries together. Each session that writes at the same time may go beyond by 1/64 of it.
   */
  limitBytes: number;
  owner: Owner;
  facts?: ProcessFacts;
}

/**
 * Requests that a destination has not taken, one file each, in a folder that all sessions share. An entry is
 * whole or not there, whenever a process is killed. Not synced to disk: a power cut may lose entries.
 */
export class Spool {
  readonly #dir: string;
  readonly #limit: number;
  readonly #self: Owner;
  readonly #folder: SpoolFolder;
  readonly #room: Room;
  readonly #report: SpoolReport = { evictedRecords: 0, damagedEntries: 0, failure: null };
  #order = 0;

  constructor({ dir, limitBytes, owner, facts = plainFacts }: SpoolOptions) {
    this.#dir = dir;
    this.#limit = limitBytes;
    this.#self = owner;
    this.#folder = new SpoolFolder(dir, owner, facts);
    this.#room = new Room(this.#folder, limitBytes);
  }

  /** Synchronous. The entry is on disk when this returns, under a name that says it is ours. */
  keep(entry: SpoolEntry, body: Uint8Array): Kept {
    const buffers = encodeEntry(entry, body);
    const bytes = buffers.reduce((sum, each) => sum + each.byteLength, 0);
    if (bytes > this.#limit) return { kind: 'failed', reason: 'EFBIG' };
    const name: EntryName = {
      at: nameNumber(entry.at),
      order: this.#order++,
      destination: destinationSum(entry.destination),
      records: nameNumber(entry.records),
      bytes,
      id: randomBytes(6).toString('hex'),
      owner: this.#self,
      state: 'whole',
    };
    try {
      this.#write(name, buffers);
    } catch (error) {
      const reason = errorCode(error);
      this.#report.failure ??= reason;
      return { kind: 'failed', reason };
    }
    return { kind: 'kept', entry: this.#owned(entry, bytes, new OwnedFile(this.#folder, name)) };
  }

  /**
   * Entries that nobody works on, or somebody who is dead: oldest first, read off the file names alone. What
   * a process was writing when it died is removed.
   */
  waiting(): WaitingEntry[] {
    const whole = this.#folder.sweep(this.#folder.names()).filter((name) => name.state === 'whole');
    return this.#folder.abandoned(whole).map((name) => ({
      at: name.at,
      records: name.records,
      bytes: name.bytes,
      isFor: (destination) => name.destination === destinationSum(destination),
      claim: () => this.#claim(name),
    }));
  }

  report(): SpoolReport {
    return { ...this.#report };
  }

  #write(name: EntryName, buffers: readonly Uint8Array[]): void {
    const temporary: EntryName = { ...name, state: 'temporary' };
    makeOwnFolder(this.#dir);
    try {
      // wx follows no link and takes over no file that was put there.
      const fd = openSync(this.#folder.pathOf(temporary), 'wx', 0o600);
      try {
        writeAll(fd, buffers);
      } finally {
        closeSync(fd);
      }
      // Not before the new one is written: a full disk must not cost the old ones as well.
      this.#report.evictedRecords += this.#room.take(name.bytes);
      renameSync(this.#folder.pathOf(temporary), this.#folder.pathOf(name));
    } catch (error) {
      this.#folder.remove(temporary);
      throw error;
    }
  }

  #claim(name: EntryName): OwnedEntry | null {
    const file = OwnedFile.claim(this.#folder, name, this.#self);
    const content = file?.read();
    if (!file || !content) return null;
    if (content !== 'damaged') return this.#owned(content.entry, name.bytes, file);
    this.#discard(file);
    return null;
  }

  #owned(entry: SpoolEntry, bytes: number, file: OwnedFile): OwnedEntry {
    const { destination, needsHeaders, signal, records, at } = entry;
    return {
      ...{ destination, needsHeaders, signal, records, at, bytes },
      read: () => {
        const content = file.read();
        if (content !== 'damaged') return content?.body ?? null;
        this.#discard(file);
        return null;
      },
      remove: () => void file.remove(),
      setAside: () => file.setAside(),
      release: () => file.release(),
    };
  }

  #discard(file: OwnedFile): void {
    file.remove();
    this.#report.damagedEntries += 1;
  }
}

import type { SpoolEntry } from '../../../../src/pipeline/spool/entry.ts';
import type { Kept, OwnedEntry, WaitingEntry } from '../../../../src/pipeline/spool/spool.ts';

interface File {
  entry: SpoolEntry;
  body: Buffer;
  state: 'owned' | 'free' | 'refused';
}

/** A spool in memory that keeps its contract, and breaks when told to. */
export class FakeSpool {
  readonly files = new Set<File>();
  /** Whether the next writes fail. */
  isFull = false;
  /** How many writes were tried. */
  writes = 0;

  keep(entry: SpoolEntry, body: Uint8Array): Kept {
    this.writes += 1;
    if (this.isFull) return { kind: 'failed', reason: 'ENOSPC' };
    const file: File = { entry, body: Buffer.from(body), state: 'owned' };
    this.files.add(file);
    return { kind: 'kept', entry: this.#owned(file) };
  }

  waiting(): WaitingEntry[] {
    return this.in('free').map((file) => ({
      at: file.entry.at,
      records: file.entry.records,
      bytes: file.body.length,
      isFor: (destination) => file.entry.destination === destination,
      claim: () => {
        if (file.state !== 'free' || !this.files.has(file)) return null;
        file.state = 'owned';
        return this.#owned(file);
      },
    }));
  }

  in(state: File['state']): File[] {
    return [...this.files].filter((file) => file.state === state);
  }

  /** What an earlier run has left. */
  leave(entry: SpoolEntry, body: Uint8Array): void {
    this.files.add({ entry, body: Buffer.from(body), state: 'free' });
  }

  #owned(file: File): OwnedEntry {
    const become = (state: File['state']) => {
      if (file.state !== 'owned') throw new Error(`it is ${file.state}, not owned`);
      file.state = state;
    };
    return {
      ...file.entry,
      bytes: file.body.length,
      read: () => (this.files.has(file) ? file.body : null),
      remove: () => void this.files.delete(file),
      setAside: () => become('refused'),
      release: () => {
        if (!this.files.has(file)) return false;
        become('free');
        return true;
      },
    };
  }
}

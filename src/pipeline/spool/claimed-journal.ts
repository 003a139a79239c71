import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { forgetAttempts } from './attempts.ts';
import {
  formatJournalName,
  type JournalName,
  nextIndex,
  removeJournal,
  segmentPath,
  segmentPaths,
} from './journal-folder.ts';
import { encodeAbout, encodeSettled } from './journal-frames.ts';
import { type JournaledRequest, type JournalSummary, requestsIn } from './read-journal.ts';
import { Segment } from './segment.ts';

/** The journal of a run that is dead, now this process's. None of its methods throws. */
export class ClaimedJournal {
  /** As its run gave it; null when it cannot be read. */
  readonly about: unknown;
  /** Every request is there that the run has acknowledged, as far as can be told. */
  readonly isWhole: boolean;
  /** Stretches that could not be read. One at the very end is what was being written when the run died. */
  readonly damaged: number;
  readonly #dir: string;
  readonly #name: JournalName;
  readonly #settled: Set<number>;
  #marks: Segment | undefined;

  constructor(dir: string, name: JournalName, summary: JournalSummary) {
    this.about = summary.about;
    this.isWhole = summary.isWhole;
    this.damaged = summary.damaged;
    this.#dir = dir;
    this.#name = name;
    this.#settled = new Set(summary.settled);
  }

  get runId(): string {
    return this.#name.runId;
  }

  /** In the order of their arrival; read one segment at a time, of which the bodies are views. */
  requests(): Iterable<JournaledRequest> {
    return requestsIn(this.#path, this.#settled);
  }

  /** Marks a request: should this process die too, the next one does not send it again. */
  settled(seq: number): void {
    if (this.#settled.has(seq)) return;
    this.#settled.add(seq);
    try {
      // What the dead run was writing may be cut off: marks behind it would not be read.
      this.#marks ??= this.#begin();
      this.#marks.write(encodeSettled([seq]));
    } catch {
      // It may be sent again.
    }
  }

  /** It has been replayed. */
  remove(): void {
    this.#close();
    removeJournal(this.#dir, this.#name);
  }

  /** Back to everybody, for a later run. */
  release(): void {
    this.#close();
    forgetAttempts(this.#path);
    try {
      renameSync(this.#path, join(this.#dir, formatJournalName({ ...this.#name, owner: null })));
    } catch {
      // It is ours until we die.
    }
  }

  get #path(): string {
    return join(this.#dir, formatJournalName(this.#name));
  }

  #begin(): Segment {
    const segment = new Segment(segmentPath(this.#path, nextIndex(segmentPaths(this.#path))));
    segment.write(encodeAbout(this.about));
    return segment;
  }

  #close(): void {
    try {
      this.#marks?.close();
    } catch {
      // Marks may be lost.
    }
  }
}

import { mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Received } from '../listener/listener.ts';
import { errorCode } from './error-code.ts';
import { makeOwnFolder } from './folder.ts';
import { formatJournalName, type JournalName, removeJournal, segmentPath } from './journal-folder.ts';
import { encodeAbout, encodeRequest, encodeSettled } from './journal-frames.ts';
import type { Owner } from './owner.ts';
import { Segment } from './segment.ts';

export interface JournalOptions {
  dir: string;
  /** Letters, digits and hyphens: it becomes part of a file name. */
  runId: string;
  owner: Owner;
  /** A JSON value of the caller's: what is needed to make sense of the journal when its run is gone. */
  about: unknown;
  /** Size at which a new segment is begun. */
  segmentBytes?: number;
  /** Size from which on old segments are deleted, when all in them is settled. */
  keepBytes?: number;
}

/** A mark waits this long for an append to be written with. ms */
const markDelayMs = 50;

/** A segment that is on disk, and how much of it is not settled. */
interface Written {
  segment: Segment;
  unsettled: number;
}

/**
 * What a run has received, on disk before it is acknowledged, so that another run can finish what a killed
 * one could not. A folder of the run's own, which exists from the first request on. Not synced to disk: it
 * survives the process, not a power cut.
 *
 * Nothing here throws. When a write fails the journal goes on in memory: what is on disk by then stays.
 */
export class Journal {
  readonly #dir: string;
  readonly #name: JournalName;
  readonly #about: unknown;
  readonly #segmentBytes: number;
  readonly #keepBytes: number;
  /** Oldest first; the last one is being written. */
  readonly #written: Written[] = [];
  readonly #unsettled = new Map<number, { bytes: number; where: Written | null }>();
  #nextIndex = 0;
  #nextSeq = 0;
  #unsettledBytes = 0;
  #marks: number[] = [];
  #markTimer: NodeJS.Timeout | undefined;
  #failure: string | null = null;
  #isClosed = false;

  private constructor(options: JournalOptions) {
    this.#dir = options.dir;
    this.#name = { runId: options.runId, owner: options.owner, state: 'journal' };
    this.#about = options.about;
    this.#segmentBytes = options.segmentBytes ?? 8 * 1024 * 1024;
    this.#keepBytes = options.keepBytes ?? 32 * 1024 * 1024;
  }

  static open(options: JournalOptions): Journal {
    return new Journal(options);
  }

  /** Error code of the write that failed, after which nothing more is written; null when none did. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Bytes of the bodies that are not settled, as received. */
  get unsettledBytes(): number {
    return this.#unsettledBytes;
  }

  /**
   * Synchronous: when this returns the request is on disk, unless `failure` tells otherwise.
   * @returns the request's sequence number, from 0 on.
   */
  append(received: Received): number {
    const seq = this.#nextSeq++;
    const bytes = received.body.length;
    const where = this.#write(encodeRequest(seq, received));
    if (where) where.unsettled += 1;
    this.#unsettled.set(seq, { bytes, where });
    this.#unsettledBytes += bytes;
    return seq;
  }

  /**
   * The request need not be sent again. The mark is written with the next append, or soon: one that is lost
   * with the process only means that the request is sent twice.
   */
  settled(seq: number): void {
    const request = this.#unsettled.get(seq);
    if (!request) return;
    this.#unsettled.delete(seq);
    this.#unsettledBytes -= request.bytes;
    if (!request.where) return;
    request.where.unsettled -= 1;
    this.#trim();
    this.#marks.push(seq);
    this.#markTimer ??= setTimeout(() => this.#write([]), markDelayMs).unref();
  }

  /** Removes everything: all is settled. */
  close(): void {
    this.#stop();
    this.#isClosed = true;
    if (this.#nextIndex > 0) removeJournal(this.#dir, this.#name);
  }

  /** With the marks that wait. @returns where it stands; null when nothing is written any more. */
  #write(request: readonly Uint8Array[]): Written | null {
    if (this.#failure !== null || this.#isClosed) return null;
    const marks = this.#marks.length > 0 ? encodeSettled(this.#marks) : [];
    this.#forgetMarks();
    const isNew = this.#written.length === 0;
    try {
      const size = [...marks, ...request].reduce((sum, each) => sum + each.byteLength, 0);
      const current = this.#currentFor(size) ?? this.#begin();
      const about = current.segment.bytes === 0 ? encodeAbout(this.#about) : [];
      current.segment.write([...about, ...marks, ...request]);
      return current;
    } catch (error) {
      this.#failure = errorCode(error);
      this.#stop();
      if (isNew) this.#removeEmpty();
      return null;
    }
  }

  /** The segment that is being written, if it has room. */
  #currentFor(bytes: number): Written | undefined {
    const current = this.#written.at(-1);
    return current && current.segment.bytes + bytes <= this.#segmentBytes ? current : undefined;
  }

  #begin(): Written {
    const folder = join(this.#dir, formatJournalName(this.#name));
    if (this.#nextIndex === 0) {
      makeOwnFolder(this.#dir);
      mkdirSync(folder, { mode: 0o700 });
    }
    const segment = new Segment(segmentPath(folder, this.#nextIndex));
    this.#nextIndex += 1;
    this.#written.at(-1)?.segment.close();
    const written = { segment, unsettled: 0 };
    this.#written.push(written);
    return written;
  }

  /**
   * Deletes from the oldest on, and nothing after one that must stay: a segment holds marks for those before
   * it.
   */
  #trim(): void {
    let total = this.#written.reduce((sum, { segment }) => sum + segment.bytes, 0);
    while (this.#written.length > 1 && total > this.#keepBytes && this.#written[0]?.unsettled === 0) {
      const oldest = this.#written.shift();
      if (!oldest) return;
      total -= oldest.segment.bytes;
      try {
        unlinkSync(oldest.segment.path);
      } catch {
        // It stays until the end.
      }
    }
  }

  #forgetMarks(): void {
    clearTimeout(this.#markTimer);
    this.#markTimer = undefined;
    this.#marks = [];
  }

  #stop(): void {
    this.#forgetMarks();
    try {
      this.#written.at(-1)?.segment.close();
    } catch {
      // A file that cannot be closed properly: nothing is written to it any more either way.
    }
  }

  /** A first write that failed leaves no folder behind. */
  #removeEmpty(): void {
    try {
      rmdirSync(join(this.#dir, formatJournalName(this.#name)));
    } catch {
      // There is none, or it is another's.
    }
  }
}

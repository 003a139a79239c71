import { readFileSync } from 'node:fs';
import type { Received } from '../listener/listener.ts';
import { decodeFrames } from './frame.ts';
import { segmentPaths } from './journal-folder.ts';
import { type JournalFrame, readJournalFrame } from './journal-frames.ts';

/** What a journal holds but for the requests. */
export interface JournalSummary {
  /** null when no segment tells. */
  about: unknown;
  requests: number;
  /** Sequence numbers. */
  settled: ReadonlySet<number>;
  /** Nothing is missing between the first request and the last one that can be read. */
  isWhole: boolean;
  /** Stretches that could not be read. One at the very end is what was being written when the run died. */
  damaged: number;
  /** A segment could not be opened; it counts as damaged too. */
  isUnreadable: boolean;
}

export interface JournaledRequest {
  seq: number;
  received: Received;
  isSettled: boolean;
}

/** Reads one segment at a time and keeps no bodies. Never throws. */
export function summarize(journal: string): JournalSummary {
  const settled = new Set<number>();
  const seqs = new Set<number>();
  let about: unknown = null;
  let damaged = 0;
  let isUnreadable = false;
  for (const segment of segments(journal)) {
    damaged += segment.damaged;
    isUnreadable ||= segment.isUnreadable;
    for (const frame of segment.frames) {
      if (frame.kind === 'about') about ??= frame.about;
      else if (frame.kind === 'request') seqs.add(frame.seq);
      else for (const seq of frame.seqs) settled.add(seq);
    }
  }
  let last = -1;
  for (const seq of seqs) last = Math.max(last, seq);
  return { about, requests: seqs.size, settled, isWhole: seqs.size === last + 1, damaged, isUnreadable };
}

/** In the order of their arrival, one segment in memory at a time. Never throws. */
export function* requestsIn(journal: string, settled: ReadonlySet<number>): Generator<JournaledRequest> {
  for (const { frames } of segments(journal)) {
    for (const frame of frames) {
      if (frame.kind !== 'request') continue;
      yield { seq: frame.seq, received: frame.received, isSettled: settled.has(frame.seq) };
    }
  }
}

interface SegmentContent {
  frames: JournalFrame[];
  damaged: number;
  isUnreadable: boolean;
}

function* segments(journal: string): Generator<SegmentContent> {
  for (const path of segmentPaths(journal)) {
    const bytes = read(path);
    if (!bytes) {
      yield { frames: [], damaged: 1, isUnreadable: true };
      continue;
    }
    const { frames, damaged } = decodeFrames(bytes);
    const known = frames.map(readJournalFrame).filter((frame) => frame !== null);
    yield { frames: known, damaged: damaged + frames.length - known.length, isUnreadable: false };
  }
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

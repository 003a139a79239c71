import { readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { touchedAt } from './folder.ts';
import { type Owner, ownerPattern, ownerText, parseOwner } from './owner.ts';

/** What the name of a journal's folder tells. */
export interface JournalName {
  runId: string;
  /** Who writes or replays it; null when it is free. */
  owner: Owner | null;
  /** `gone`: done with, and to be removed. `refused`: too many died replaying it; taken up when somebody asks. */
  state: 'journal' | 'gone' | 'refused';
}

const states: readonly JournalName['state'][] = ['journal', 'gone', 'refused'];

const pattern = new RegExp(String.raw`^([0-9A-Za-z-]+)(?:\.(${ownerPattern}))?\.(${states.join('|')})$`);

/** `<run>[.<owner>].<state>` */
export function formatJournalName({ runId, owner, state }: JournalName): string {
  return owner ? `${runId}.${ownerText(owner)}.${state}` : `${runId}.${state}`;
}

/** null for the name of anything else. */
export function parseJournalName(text: string): JournalName | null {
  const [, runId, owner, state] = pattern.exec(text) ?? [];
  if (runId === undefined) return null;
  return {
    runId,
    owner: owner === undefined ? null : parseOwner(owner),
    state: states.find((each) => each === state) ?? 'journal',
  };
}

/**
 * Removes a journal's folder. Renamed first: a removal that is cut short leaves nothing that looks like a
 * journal. Never throws; what cannot be removed stays.
 */
export function removeJournal(dir: string, name: JournalName): void {
  const gone = join(dir, formatJournalName({ ...name, state: 'gone' }));
  try {
    if (name.state === 'journal') renameSync(join(dir, formatJournalName(name)), gone);
    // As rmSync does, which takes 2 ms to load and to look.
    for (const file of readdirSync(gone)) unlinkSync(join(gone, file));
    rmdirSync(gone);
  } catch {
    // Gone, or read-only by now.
  }
}

/** Paths of the segments, oldest first. Empty when the folder is gone. */
export function segmentPaths(journal: string): string[] {
  try {
    const names = readdirSync(journal).filter((name) => /^\d{6,}\.segment$/.test(name));
    return names.sort((a, b) => indexOf(a) - indexOf(b)).map((name) => join(journal, name));
  } catch {
    return [];
  }
}

export function segmentPath(journal: string, index: number): string {
  return join(journal, `${String(index).padStart(6, '0')}.segment`);
}

/** When anything was last written to it, Unix ms. */
export function journalTouchedAt(journal: string, now: number): number {
  return Math.max(...[journal, ...segmentPaths(journal)].map((path) => touchedAt(path, now)));
}

/** Number of the segment that comes after these. */
export function nextIndex(paths: readonly string[]): number {
  const last = paths.at(-1);
  return last === undefined ? 0 : indexOf(last) + 1;
}

function indexOf(path: string): number {
  return Number(/(\d+)\.segment$/.exec(path)?.[1]);
}

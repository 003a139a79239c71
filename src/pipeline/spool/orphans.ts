import { readdirSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { attemptsAt, countAttempt } from './attempts.ts';
import { ClaimedJournal } from './claimed-journal.ts';
import { isOwnFolder } from './folder.ts';
import {
  formatJournalName,
  type JournalName,
  journalTouchedAt,
  parseJournalName,
  removeJournal,
} from './journal-folder.ts';
import { isDead, type Owner, type ProcessFacts, plainFacts } from './owner.ts';
import { summarize } from './read-journal.ts';

export type { ClaimedJournal } from './claimed-journal.ts';

/** A journal that so many processes did not survive is laid aside. */
const attemptLimit = 3;

/** The journal of a run that is dead. */
export interface WaitingJournal {
  runId: string;
  /** null when another was faster, or there is no request in it (then it is removed). Reads all of it. */
  claim(): ClaimedJournal | null;
  /** Lays it aside when it seems to bring down whoever takes it up. @returns whether it did */
  layAsideIfDeadly(): boolean;
}

/**
 * Journals whose run has died before it was done with them. Empty when the folder cannot be read or is not
 * the user's own. What a dead process was removing is removed.
 */
export function orphans(dir: string, self: Owner, facts: ProcessFacts = plainFacts): WaitingJournal[] {
  const isAbandoned = (name: JournalName) => {
    const path = join(dir, formatJournalName(name));
    return name.owner === null || isDead(name.owner, self, facts, () => journalTouchedAt(path, facts.now()));
  };
  const abandoned = readNames(dir).filter(isAbandoned);
  for (const name of abandoned) if (name.state === 'gone') removeJournal(dir, name);
  return abandoned.filter((name) => name.state === 'journal').map((name) => waiting(dir, name, self));
}

/** Those that were laid aside: for one who has nothing to lose. Their processes may have been killed one after the other. */
export function laidAside(dir: string, self: Owner): WaitingJournal[] {
  return readNames(dir)
    .filter((name) => name.state === 'refused')
    .map((name) => waiting(dir, name, self));
}

function waiting(dir: string, name: JournalName, self: Owner): WaitingJournal {
  return {
    runId: name.runId,
    claim: () => claim(dir, name, self),
    layAsideIfDeadly: () => layAsideIfDeadly(dir, name),
  };
}

function readNames(dir: string): JournalName[] {
  try {
    const names = isOwnFolder(dir) ? readdirSync(dir) : [];
    return names.map(parseJournalName).filter((name) => name !== null);
  } catch {
    return [];
  }
}

function claim(dir: string, name: JournalName, self: Owner): ClaimedJournal | null {
  const from = join(dir, formatJournalName(name));
  const own: JournalName = { ...name, owner: self, state: 'journal' };
  const to = join(dir, formatJournalName(own));
  const now = Date.now() / 1000;
  try {
    // Before it has our name: where nobody can ask after us, its age tells whether we live.
    utimesSync(from, now, now);
    // One folder, one name: of several processes only one finds it.
    renameSync(from, to);
  } catch {
    return null;
  }
  countAttempt(to);
  const summary = summarize(to);
  const claimed = new ClaimedJournal(dir, own, summary);
  if (summary.requests > 0) return claimed;
  if (summary.isUnreadable) claimed.release();
  else claimed.remove();
  return null;
}

function layAsideIfDeadly(dir: string, name: JournalName): boolean {
  const from = join(dir, formatJournalName(name));
  if (attemptsAt(from) < attemptLimit) return false;
  try {
    renameSync(from, join(dir, formatJournalName({ ...name, owner: null, state: 'refused' })));
    return true;
  } catch {
    // Another was faster, or there is one of that run already.
    return false;
  }
}

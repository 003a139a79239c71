import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Journal, type JournalOptions } from '../../../../src/pipeline/spool/journal.ts';
import { type ClaimedJournal, laidAside, orphans } from '../../../../src/pipeline/spool/orphans.ts';
import { deadOwner, living, received } from './made-up.ts';

let root = '';
let dir = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ai-trace-journal-'));
  dir = join(root, 'spool');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

const about = { provider: 'codex', options: ['--quiet'] };
const open = (more: Partial<JournalOptions> = {}) =>
  Journal.open({ dir, runId: 'run-1', owner: living, about, ...more });
/** Of a run that has died. */
const openDead = (more: Partial<JournalOptions> = {}) => open({ owner: deadOwner(), ...more });

function claim(): ClaimedJournal {
  const [orphan] = orphans(dir, living);
  const claimed = orphan?.claim();
  if (!claimed) throw new Error('no orphan to be claimed');
  return claimed;
}

const bodies = (journal: ClaimedJournal) =>
  [...journal.requests()].map(({ seq, received: { body } }) => [seq, body.toString()]);
const settledOf = (journal: ClaimedJournal) =>
  [...journal.requests()].filter(({ isSettled }) => isSettled).map(({ seq }) => seq);
/** Paths of all segments of the only journal. */
function segments(): string[] {
  const [journal = ''] = readdirSync(dir);
  return readdirSync(join(dir, journal))
    .sort()
    .map((name) => join(dir, journal, name));
}

describe('a journal', () => {
  it('is not on disk before the first request, nor after the end', () => {
    const journal = open();
    expect(existsSync(dir)).toBe(false);
    journal.settled(journal.append(received('x')));
    expect(readdirSync(dir)).toHaveLength(1);
    journal.close();
    expect(readdirSync(dir)).toEqual([]);
    open().close();
    expect(readdirSync(dir)).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')("is the user's own", () => {
    open().append(received('x'));
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    const [segment = ''] = segments();
    expect([dir, join(segment, '..'), segment].map(modeOf)).toEqual(['700', '700', '600']);
  });

  it('gives back every request, as it was received', () => {
    const journal = openDead();
    const requests = [
      received(''),
      received(Buffer.from([0, 255, 10]), { signal: 'logs', contentEncoding: 'gzip', at: 5 }),
      received('ünï', { signal: 'metrics', contentType: undefined }),
    ];
    expect(requests.map((each) => journal.append(each))).toEqual([0, 1, 2]);
    const claimed = claim();
    expect(claimed).toMatchObject({ runId: 'run-1', about, isWhole: true, damaged: 0 });
    expect([...claimed.requests()]).toEqual(
      requests.map((each, seq) => ({ seq, received: each, isSettled: false })),
    );
  });

  it('tells what is settled, once that is written: with the next request, or soon', () => {
    vi.useFakeTimers();
    const journal = openDead();
    for (let each = 0; each < 4; each++) journal.append(received('x'));
    journal.settled(2);
    journal.settled(0);
    journal.append(received('x'));
    journal.settled(3);
    expect(settledOf(claim())).toEqual([0, 2]);
    // The journal's folder has another name by now, the file that is written is the same.
    vi.advanceTimersByTime(50);
    const [segment = ''] = segments();
    expect(readFileSync(segment, 'latin1')).toContain('[3]');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('knows how much is not settled', () => {
    const journal = open();
    journal.append(received('12345'));
    journal.append(received('123'));
    expect(journal.unsettledBytes).toBe(8);
    journal.settled(0);
    journal.settled(0);
    journal.settled(7);
    expect(journal.unsettledBytes).toBe(3);
    journal.settled(1);
    expect(journal.unsettledBytes).toBe(0);
  });

  it('leaves nothing running when it is closed', () => {
    vi.useFakeTimers();
    const journal = open();
    journal.settled(journal.append(received('x')));
    journal.close();
    expect(vi.getTimerCount()).toBe(0);
    journal.close();
    journal.settled(journal.append(received('y')));
    expect(journal.failure).toBeNull();
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('segments', () => {
  const small = { segmentBytes: 1000, keepBytes: 3000 };
  const body = 'x'.repeat(400);

  it('each tell what the journal is about', () => {
    const journal = openDead(small);
    for (let each = 0; each < 6; each++) journal.append(received(body));
    expect(segments().length).toBeGreaterThan(2);
    for (const path of segments()) {
      expect(readFileSync(path, 'latin1')).toContain(JSON.stringify(about));
      expect(statSync(path).size).toBeLessThanOrEqual(1000);
    }
    for (const path of segments().slice(0, -1)) rmSync(path);
    expect(claim()).toMatchObject({ about, isWhole: false });
  });

  it('hold a request of any size', () => {
    const journal = openDead(small);
    for (const size of [10, 5000, 10]) journal.append(received(Buffer.alloc(size)));
    expect([...claim().requests()].map(({ received: { body } }) => body.length)).toEqual([10, 5000, 10]);
  });

  it('are deleted when all in them is settled and there is more than is kept, oldest first', () => {
    const journal = openDead(small);
    const sizes = () => segments().reduce((sum, path) => sum + statSync(path).size, 0);
    for (let each = 0; each < 20; each++) {
      journal.settled(journal.append(received(body)));
      expect(sizes()).toBeLessThan(3000 + 1000);
    }
    const left = claim();
    const seqs = bodies(left).map(([seq]) => seq);
    expect(seqs.at(-1)).toBe(19);
    expect(seqs.length).toBeGreaterThanOrEqual(4);
    expect(left).toMatchObject({ isWhole: false, damaged: 0 });
    expect(settledOf(left)).toEqual(seqs.slice(0, -1));
  });

  it('are never deleted while something in them is not settled', () => {
    const journal = openDead(small);
    for (let each = 0; each < 20; each++) {
      const seq = journal.append(received(body));
      if (each !== 0) journal.settled(seq);
    }
    const claimed = claim();
    expect(bodies(claimed)).toHaveLength(20);
    expect(claimed.isWhole).toBe(true);
    expect(settledOf(claimed)).not.toContain(0);
  });
});

describe('a journal that cannot be written', () => {
  it('goes on in memory', () => {
    writeFileSync(dir, 'in the way');
    const journal = open();
    expect(journal.failure).toBeNull();
    expect([journal.append(received('12')), journal.append(received('345'))]).toEqual([0, 1]);
    expect(journal.failure).toMatch(/^(EEXIST|ENOTDIR)$/);
    expect(journal.unsettledBytes).toBe(5);
    journal.settled(0);
    expect(journal.unsettledBytes).toBe(3);
    journal.close();
    expect(readFileSync(dir, 'utf8')).toBe('in the way');
  });

  it.runIf(process.platform !== 'win32')('is not put where a link leads', () => {
    mkdirSync(join(root, 'elsewhere'));
    symlinkSync('elsewhere', dir);
    const journal = open();
    journal.append(received('x'));
    expect(journal.failure).toBe('EPERM');
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });

  it('keeps what is on disk by then', () => {
    const journal = openDead({ segmentBytes: 500 });
    journal.append(received('x'.repeat(400)));
    // The next segment has no folder to be in.
    const claimed = claim();
    journal.append(received('y'.repeat(400)));
    expect(journal.failure).toBe('ENOENT');
    // A file that is opened now may be given the number that the journal's had.
    const other = openSync(join(root, 'other'), 'w');
    journal.close();
    expect(writeSync(other, 'still open')).toBe(10);
    closeSync(other);
    expect(bodies(claimed)).toEqual([[0, 'x'.repeat(400)]]);
  });
});

describe('an orphan', () => {
  const other = { ...living, pidNamespace: '1' };

  it('is none while its run lives', () => {
    open().append(received('x'));
    expect(orphans(dir, living)).toEqual([]);
    expect(orphans(dir, other)).toEqual([]);
  });

  it('is one when its run, of another pid namespace, was not heard of for a day', () => {
    open({ owner: other }).append(received('x'));
    const [segment = ''] = segments();
    const touch = (path: string, hoursAgo: number) => {
      const then = Date.now() / 1000 - hoursAgo * 3600;
      utimesSync(path, then, then);
    };
    touch(join(segment, '..'), 25);
    expect(orphans(dir, living)).toEqual([]);
    touch(segment, 25);
    expect(orphans(dir, living)).toHaveLength(1);
    // A claim is heard of.
    const [orphan] = orphans(dir, { ...living, pidNamespace: '2' });
    expect(orphan?.claim()).not.toBeNull();
    expect(orphans(dir, living)).toEqual([]);
  });

  it('is claimed once', () => {
    openDead().append(received('x'));
    const [[first], [second]] = [orphans(dir, living), orphans(dir, deadOwner())];
    expect(first?.claim()).not.toBeNull();
    expect(second?.claim()).toBeNull();
    expect(orphans(dir, living)).toEqual([]);
  });

  it('can be given back, with what was settled meanwhile', () => {
    const journal = openDead();
    for (const body of ['a', 'b', 'c']) journal.append(received(body));
    const first = claim();
    first.settled(1);
    first.settled(1);
    first.release();
    const second = claim();
    expect(second).toMatchObject({ runId: 'run-1', about, isWhole: true, damaged: 0 });
    expect(settledOf(second)).toEqual([1]);
    expect(bodies(second)).toHaveLength(3);
  });

  it('is gone when it is removed', () => {
    openDead().append(received('x'));
    const claimed = claim();
    claimed.settled(0);
    claimed.remove();
    expect(readdirSync(dir)).toEqual([]);
    claimed.settled(0);
    claimed.remove();
    claimed.release();
    expect([...claimed.requests()]).toEqual([]);
  });

  it('is read up to where its run was cut off, and marks are found behind that', () => {
    const journal = openDead();
    for (const body of ['a', 'b', 'c']) journal.append(received(body));
    const [segment = ''] = segments();
    writeFileSync(segment, readFileSync(segment).subarray(0, -1));
    const first = claim();
    expect(first).toMatchObject({ isWhole: true, damaged: 1 });
    first.settled(0);
    first.release();
    const second = claim();
    expect(bodies(second)).toEqual([
      [0, 'a'],
      [1, 'b'],
    ]);
    expect(settledOf(second)).toEqual([0]);
  });

  it('is not whole when a request in the middle is damaged', () => {
    const journal = openDead();
    for (const body of ['first', 'second', 'third']) journal.append(received(body));
    const [segment = ''] = segments();
    const bytes = readFileSync(segment);
    bytes.write('S', bytes.indexOf('second'));
    writeFileSync(segment, bytes);
    const claimed = claim();
    expect(claimed).toMatchObject({ about, isWhole: false, damaged: 1 });
    expect(bodies(claimed)).toEqual([
      [0, 'first'],
      [2, 'third'],
    ]);
  });

  it('without a request is removed', () => {
    const journal = openDead();
    journal.append(received('x'));
    const [segment = ''] = segments();
    writeFileSync(segment, readFileSync(segment).subarray(0, 30));
    expect(orphans(dir, living)[0]?.claim()).toBeNull();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('that was being removed when its process died is removed, and never replayed', () => {
    openDead().append(received('x'));
    const [name = ''] = readdirSync(dir);
    writeFileSync(join(dir, 'not-ours.journal~'), '');
    mkdirSync(join(dir, name.replace('.journal', '.gone')));
    rmSync(join(dir, name), { recursive: true });
    expect(orphans(dir, living)).toEqual([]);
    expect(readdirSync(dir)).toEqual(['not-ours.journal~']);
  });
});

describe('a journal that brings down whoever replays it', () => {
  /** A process that takes the journal up and dies of it. */
  const dieOfIt = () => orphans(dir, deadOwner()).map((orphan) => orphan.claim());

  it('is set aside after three of them', () => {
    openDead().append(received('poison'));
    for (let i = 0; i < 3; i += 1) {
      expect(orphans(dir, living).map((orphan) => orphan.layAsideIfDeadly())).toEqual([false]);
      expect(dieOfIt()).toEqual([expect.anything()]);
    }
    const [first] = orphans(dir, living);
    const [second] = orphans(dir, living);
    expect(first?.layAsideIfDeadly()).toBe(true);
    expect(second?.layAsideIfDeadly()).toBe(false);
    expect(second?.claim()).toBeNull();
    expect(readdirSync(dir)).toEqual(['run-1.refused']);
    expect(orphans(dir, living)).toEqual([]);
  });

  it('is there for one who asks for it, whoever died of it', () => {
    openDead().append(received('body'));
    for (let i = 0; i < 3; i += 1) dieOfIt();
    orphans(dir, living)[0]?.layAsideIfDeadly();
    expect(laidAside(dir, deadOwner())[0]?.claim()).not.toBeNull();
    expect(laidAside(dir, living)).toEqual([]);
    expect(bodies(claim())).toEqual([[0, 'body']]);
  });

  it('is not one that was only laid back', () => {
    openDead().append(received('body'));
    for (let i = 0; i < 5; i += 1) claim().release();
    expect(bodies(claim())).toEqual([[0, 'body']]);
  });
});

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseEntryName } from '../../../../src/pipeline/spool/entry-name.ts';
import { type Owner, plainFacts } from '../../../../src/pipeline/spool/owner.ts';
import { Spool } from '../../../../src/pipeline/spool/spool.ts';
import { deadOwner, entry, entryOf, living } from './made-up.ts';

let root = '';
let dir = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ai-trace-spool-'));
  dir = join(root, 'spool');
});
afterEach(() => rmSync(root, { recursive: true }));

const mib = 1024 * 1024;
const open = (owner: Owner = living, limitBytes = mib) => new Spool({ dir, limitBytes, owner });
const body = Buffer.from('a gzip body');
/** Path of the only file. */
function onlyFile(): string {
  const [name = '', ...more] = readdirSync(dir);
  expect(more).toEqual([]);
  return join(dir, name);
}

describe('an entry', () => {
  it('is what was kept, to its owner and to who claims it', () => {
    const told = { ...entry, needsHeaders: true, signal: 'metrics' as const };
    const kept = entryOf(open().keep(told, body));
    expect(kept).toMatchObject({ ...told, bytes: statSync(onlyFile()).size });
    expect(kept.read()).toEqual(body);
    kept.release();

    const [waiting, ...more] = open().waiting();
    expect(more).toEqual([]);
    expect(waiting).toMatchObject({ at: told.at, records: 3, bytes: kept.bytes });
    const claimed = waiting?.claim();
    expect(claimed).toMatchObject({ ...told, bytes: kept.bytes });
    expect(claimed?.read()).toEqual(body);
  });

  it.runIf(process.platform !== 'win32')("is the user's own", () => {
    open().keep(entry, body);
    expect((statSync(onlyFile()).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(dir).mode & 0o777).toString(8)).toBe('700');
  });

  it('holds no more than was told: secrets stay in memory', () => {
    const withSecret = { ...entry, headers: { authorization: 'Bearer s3cret' } };
    open().keep(withSecret, body);
    expect(readFileSync(onlyFile(), 'latin1')).not.toContain('s3cret');
  });

  it('is not waiting while its owner lives', () => {
    open().keep(entry, body);
    expect(open().waiting()).toEqual([]);
  });

  it('is waiting when its owner is dead', () => {
    open(deadOwner()).keep(entry, body);
    expect(open().waiting()[0]?.claim()?.read()).toEqual(body);
  });

  it('is waiting when its owner, of another pid namespace, was not heard of for a day', () => {
    const farAway = { ...living, pidNamespace: '1' };
    open(farAway).keep(entry, body);
    expect(open().waiting()).toEqual([]);
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(onlyFile(), yesterday, yesterday);
    expect(open().waiting()).toHaveLength(1);
    // A claim is heard of, however old the entry is.
    expect(
      open({ ...living, pidNamespace: '2' })
        .waiting()[0]
        ?.claim(),
    ).not.toBeNull();
    expect(open().waiting()).toEqual([]);
  });

  it('is claimed once', () => {
    entryOf(open().keep(entry, body)).release();
    const [first, second] = [open().waiting()[0], open(deadOwner()).waiting()[0]];
    expect(first?.claim()).not.toBeNull();
    expect(second?.claim()).toBeNull();
    expect(first?.claim()).toBeNull();
  });

  it('tells which destination it is surely not for', () => {
    entryOf(open().keep(entry, body)).release();
    const [waiting] = open().waiting();
    expect(waiting?.isFor(entry.destination)).toBe(true);
    expect(waiting?.isFor('http://127.0.0.1:4319')).toBe(false);
  });

  it('is gone when it is removed', () => {
    const kept = entryOf(open().keep(entry, body));
    kept.remove();
    expect(readdirSync(dir)).toEqual([]);
    expect(kept.read()).toBeNull();
    kept.release();
    kept.remove();
    kept.setAside();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('set aside stays on disk and is never listed again', () => {
    const spool = open();
    entryOf(spool.keep(entry, body)).setAside();
    expect(onlyFile()).toMatch(/\.refused$/);
    expect(open().waiting()).toEqual([]);
    expect(spool.report()).toEqual({ evictedRecords: 0, damagedEntries: 0, failure: null });
  });
});

describe('the folder', () => {
  it('gives entries oldest first, those of one millisecond in the order they were kept', () => {
    const spool = open();
    for (const [at, records] of [
      [5, 1],
      [3, 2],
      [3, 3],
      [4, 4],
      [3, 5],
    ] as const) {
      entryOf(spool.keep({ ...entry, at, records }, body)).release();
    }
    expect(
      open()
        .waiting()
        .map(({ at, records }) => [at, records]),
    ).toEqual([
      [3, 2],
      [3, 3],
      [3, 5],
      [4, 4],
      [5, 1],
    ]);
  });

  it('gives what lies in the future first, lest it wait until then', () => {
    const now = 1_800_000_000_000;
    const spool = new Spool({
      dir,
      limitBytes: mib,
      owner: living,
      facts: { ...plainFacts, now: () => now },
    });
    for (const at of [now, now + 1e12, 0]) entryOf(spool.keep({ ...entry, at }, body)).release();
    expect(spool.waiting().map(({ at }) => at)).toEqual([now + 1e12, 0, now]);
  });

  it('may hold files that are not ours', () => {
    entryOf(open().keep(entry, body)).release();
    const [name = ''] = readdirSync(dir);
    const strange = ['README', `${name}~`, name.replace('.otlp', '.x.otlp'), name.replace(/^\d/, 'x')];
    for (const each of strange) writeFileSync(join(dir, each), Buffer.alloc(2 * mib));
    mkdirSync(join(dir, 'run.journal'));
    const spool = open();
    expect(spool.waiting()).toHaveLength(1);
    entryOf(spool.keep(entry, body));
    expect(spool.report().evictedRecords).toBe(0);
    for (const each of strange) expect(existsSync(join(dir, each))).toBe(true);
  });

  it('need not exist to be looked at, and is not made for that', () => {
    expect(open().waiting()).toEqual([]);
    expect(existsSync(dir)).toBe(false);
  });

  it.runIf(process.platform !== 'win32')('of others is neither read nor written', () => {
    const real = join(root, 'real');
    const theirs = new Spool({ dir: real, limitBytes: mib, owner: living });
    entryOf(theirs.keep(entry, body)).release();
    symlinkSync('real', dir);
    expect(open().waiting()).toEqual([]);
    const spool = open();
    expect(spool.keep(entry, body)).toEqual({ kind: 'failed', reason: 'EPERM' });
    expect(spool.report().failure).toBe('EPERM');
    expect(readdirSync(real)).toHaveLength(1);
  });

  it('is cleared of what a process was writing when it died, not of what one is writing', () => {
    entryOf(open(deadOwner()).keep(entry, body));
    const dead = onlyFile();
    writeFileSync(dead.replace('.otlp', '.tmp'), 'half');
    rmSync(dead);
    entryOf(open().keep(entry, body));
    const [name = ''] = readdirSync(dir).filter((each) => each.endsWith('.otlp'));
    const own = join(dir, name.replace('.otlp', '.tmp'));
    writeFileSync(own, 'half');
    open().waiting();
    expect(
      readdirSync(dir)
        .map((name) => parseEntryName(name)?.state)
        .sort(),
    ).toEqual(['temporary', 'whole']);
    expect(existsSync(own)).toBe(true);
  });
});

describe('damage', () => {
  const damages: [string, (path: string) => void][] = [
    ['cut off', (path) => truncateSync(path, statSync(path).size - 1)],
    ['empty', (path) => truncateSync(path, 0)],
    ['longer than it was', (path) => appendFileSync(path, 'x')],
    [
      'changed',
      (path) => {
        const bytes = readFileSync(path);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 2) ^ 1, bytes.length - 2);
        writeFileSync(path, bytes);
      },
    ],
  ];

  it.each(damages)('%s: a waiting entry is removed and counted', (_, damage) => {
    entryOf(open().keep(entry, body)).release();
    damage(onlyFile());
    const spool = open();
    expect(spool.waiting()[0]?.claim()).toBeNull();
    expect(spool.report()).toEqual({ evictedRecords: 0, damagedEntries: 1, failure: null });
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each(damages)('%s: an owned entry is removed and counted', (_, damage) => {
    const spool = open();
    const kept = entryOf(spool.keep(entry, body));
    damage(onlyFile());
    expect(kept.read()).toBeNull();
    expect(spool.report().damagedEntries).toBe(1);
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('the limit', () => {
  const size = () => readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  const ats = () => readdirSync(dir).map((name) => parseEntryName(name)?.at);
  const large = Buffer.alloc(1000);

  it('is kept: the oldest make room, whoever owns them, and are counted', () => {
    const spool = open(living, 5500);
    const first = entryOf(spool.keep({ ...entry, at: 1, records: 100 }, large));
    entryOf(open(deadOwner(), 5500).keep({ ...entry, at: 2, records: 10 }, large)).release();
    for (let at = 3; at <= 6; at++) {
      entryOf(spool.keep({ ...entry, at, records: 1 }, large));
      expect(size()).toBeLessThanOrEqual(5500);
    }
    expect(ats()).toEqual([3, 4, 5, 6]);
    expect(spool.report()).toEqual({ evictedRecords: 110, damagedEntries: 0, failure: null });
    expect(first.read()).toBeNull();
    expect(spool.report().damagedEntries).toBe(0);
  });

  it('is not kept by what is being kept, even if that is the oldest', () => {
    const spool = open(living, 3000);
    for (const at of [5, 6, 1]) entryOf(spool.keep({ ...entry, at }, large));
    expect(ats()).toEqual([1, 6]);
  });

  it('counts what was set aside to the limit, not among the evicted', () => {
    const spool = open(living, 3000);
    entryOf(spool.keep({ ...entry, at: 1 }, large)).setAside();
    for (let at = 2; at <= 3; at++) entryOf(spool.keep({ ...entry, at }, large));
    expect(ats()).toEqual([2, 3]);
    expect(spool.report().evictedRecords).toBe(0);
  });

  it('is above none that is larger than it, for which nothing has to go', () => {
    const spool = open(living, 1500);
    entryOf(spool.keep(entry, large));
    expect(spool.keep(entry, Buffer.alloc(1500))).toEqual({ kind: 'failed', reason: 'EFBIG' });
    expect(spool.report()).toEqual({ evictedRecords: 0, damagedEntries: 0, failure: null });
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('evicts what lies in the future or in 1970 before what is of today', () => {
    const now = 1_800_000_000_000;
    const facts = { ...plainFacts, now: () => now };
    const spool = new Spool({ dir, limitBytes: 4000, owner: living, facts });
    for (const at of [now - 10, now + 1e12, 0, now]) entryOf(spool.keep({ ...entry, at }, large));
    expect(ats().sort()).toEqual([0, now - 10, now]);
    entryOf(spool.keep({ ...entry, at: now + 1 }, large));
    expect(ats()).toEqual([now - 10, now, now + 1]);
  });
});

describe('a write that fails', () => {
  it('is a value: a file is in the way of the folder', () => {
    writeFileSync(dir, '');
    const spool = open();
    expect(spool.keep(entry, body)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^E[A-Z]+$/),
    });
    expect(spool.report().failure).toMatch(/^(EEXIST|ENOTDIR)$/);
  });
});

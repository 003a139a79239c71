import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Signal } from '../../../../src/otlp/types.ts';
import { type Item, isOnDisk, itemOnDisk } from '../../../../src/pipeline/delivery/item.ts';
import { Queue } from '../../../../src/pipeline/delivery/queue.ts';
import { FakeSpool } from './fake-spool.ts';

/** Nearly: in whole tens. */
const mebibyte = 1024 * 1020;
let spool: FakeSpool;
let queue: Queue;
/** Letters of the items that are done, in order. */
let done: string[];
beforeEach(() => {
  spool = new FakeSpool();
  queue = new Queue({ destination: 'http://c', needsHeaders: true, spool });
  done = [];
});

/** One record, whose body is its letter over and over. */
function item(letter: string, bytes = 10, signal: Signal = 'logs'): Item {
  const body = Buffer.alloc(Math.ceil(bytes / 10) * 10, letter);
  const doneHere = done;
  return {
    ...{ signal, records: 1, at: letter.charCodeAt(0), body, isEarlier: false, search: null },
    done: () => void doneHere.push(letter),
  };
}

/** The letters in a body, one for each run of them. */
function letters(body: Uint8Array): string {
  let all = '';
  for (let i = 0; i < body.length; i += 10) {
    const letter = String.fromCharCode(body[i] ?? 0);
    if (!all.endsWith(letter)) all += letter;
  }
  return all;
}
function lettersOf({ body }: Item): string {
  return letters(body instanceof Uint8Array ? body : gunzipSync(body.read() ?? ''));
}
function takeAll(): string[] {
  const all: string[] = [];
  for (let next = queue.take(); next; next = queue.take()) all.push(lettersOf(next));
  return all;
}
const onDisk = (state: 'owned' | 'free' | 'refused') =>
  spool.in(state).map(({ body }) => letters(gunzipSync(body)));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

describe('in memory', () => {
  test('the oldest comes first, with the younger ones of its signal', () => {
    queue.add(item('a'));
    queue.add(item('b', 10, 'traces'));
    queue.add(item('c'));
    const first = queue.take();
    expect(first && lettersOf(first)).toBe('ac');
    expect(first).toMatchObject({ signal: 'logs', records: 2, at: 97 });
    expect(done).toEqual([]);
    first?.done();
    expect(done).toEqual(['a', 'c']);
    expect(takeAll()).toEqual(['b']);
    expect(queue.take()).toBeUndefined();
  });

  test('a request is no larger than 4 MiB, and none overtakes another of its signal', () => {
    for (const [letter, size] of [
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ] as const) {
      queue.add(item(letter, size * mebibyte));
    }
    expect(takeAll()).toEqual(['a', 'bc']);
  });

  test('what is put back is next again', () => {
    queue.add(item('a'));
    const first = queue.take();
    queue.add(item('b', 10, 'traces'));
    queue.add(item('c'));
    queue.putBack(first ? [first] : []);
    expect(takeAll()).toEqual(['ac', 'b']);
  });

  test('what something is bad in goes alone', () => {
    queue.add(item('a'));
    queue.add({ ...item('b'), search: { posts: 1, reason: 'HTTP 400' } });
    queue.add(item('c'));
    queue.add(item('d'));
    expect(takeAll()).toEqual(['a', 'b', 'cd']);
  });
});

describe('beyond 8 MiB', () => {
  test('the youngest move to disk, done as soon as they are there, and the order stays', async () => {
    for (const letter of 'abcdefghi') queue.add(item(letter, mebibyte));
    expect(spool.files.size).toBe(0);
    await until(() => spool.files.size === 2);
    expect(onDisk('owned')).toEqual(['efgh', 'i']);
    expect(done).toEqual(['e', 'f', 'g', 'h', 'i']);
    expect(queue.spooled).toBe(5);
    expect(spool.in('owned')[0]?.entry).toEqual({
      ...{ destination: 'http://c', needsHeaders: true, signal: 'logs', records: 4, at: 101 },
    });
    queue.add(item('j'));
    expect(takeAll()).toEqual(['abcd', 'efgh', 'i', 'j']);
  });

  test('what is done leaves the disk', async () => {
    for (const letter of 'abcdefghi') queue.add(item(letter, mebibyte));
    await until(() => spool.files.size === 2);
    queue.take();
    const second = queue.take();
    second?.done();
    expect(onDisk('owned')).toEqual(['i']);
    // It was done when it was on disk.
    expect(done.filter((letter) => letter === 'e')).toHaveLength(1);
  });

  test('what is taken while it is moving stays in memory', async () => {
    for (const letter of 'abcdefghi') queue.add(item(letter, mebibyte));
    expect(takeAll()).toEqual(['abcd', 'efgh', 'i']);
    await turn();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(spool.writes).toBe(0);
    expect(done).toEqual([]);
  });

  test('signals move apart', async () => {
    for (const letter of 'abcd') queue.add(item(letter, mebibyte));
    for (const letter of 'efghi') {
      queue.add(item(letter, mebibyte / 2));
      queue.add(item(letter.toUpperCase(), mebibyte / 2, 'traces'));
    }
    await until(() => spool.files.size === 2);
    expect(spool.in('owned').map(({ entry }) => entry.signal)).toEqual(['logs', 'traces']);
    // The last one came when memory had been relieved.
    expect(takeAll()).toEqual(['abcd', 'efghi', 'EFGH', 'I']);
  });

  test('a burst goes to disk at once rather than beyond 32 MiB', () => {
    for (let i = 0; i < 100; i += 1) queue.add(item('abcdefghij'[i % 10] ?? '', mebibyte));
    const inMemory = 100 - queue.spooled;
    expect(inMemory).toBeLessThanOrEqual(32);
    expect(queue.dropped).toBe(0);
    expect(takeAll().join('')).toBe('abcdefghij'.repeat(10));
  });
});

describe('with a disk that takes nothing', () => {
  beforeEach(() => {
    spool.isFull = true;
  });

  test('memory holds 64 MiB, and the oldest are given up', async () => {
    for (const letter of 'abcdefghijklmnopqr') queue.add(item(letter, 4 * mebibyte));
    await turn();
    expect(queue.dropped).toBe(2);
    expect(done).toEqual(['a', 'b']);
    expect(takeAll().join('')).toBe('cdefghijklmnopqr');
    // Not with each request.
    expect(spool.writes).toBeLessThan(20);
  });

  test('it is tried again when there is more', async () => {
    for (const letter of 'abc') queue.add(item(letter, 4 * mebibyte));
    await until(() => spool.writes === 1);
    spool.isFull = false;
    await turn();
    queue.add(item('d'));
    for (const letter of 'ef') queue.add(item(letter, 4 * mebibyte));
    await until(() => spool.files.size > 0);
    expect(takeAll().join('')).toBe('abcdef');
    expect(queue.dropped).toBe(0);
  });

  test('all is given up when it is released', async () => {
    for (const letter of 'abcd') queue.add(item(letter, 1.9 * mebibyte));
    queue.releaseAll();
    expect(queue).toMatchObject({ dropped: 4, spooled: 0 });
    expect(done).toEqual(['a', 'b', 'c', 'd']);
    expect(spool.writes).toBe(2);
  });
});

describe('released', () => {
  test('all is on disk for anybody, put together', async () => {
    queue.add(item('a'));
    queue.add(item('b', 10, 'metrics'));
    queue.add(item('c'));
    queue.releaseAll();
    expect(onDisk('free').sort()).toEqual(['ac', 'b']);
    expect(queue).toMatchObject({ spooled: 3, dropped: 0 });
    expect(done.sort()).toEqual(['a', 'b', 'c']);
    expect(queue.take()).toBeUndefined();
  });

  test('what was on disk already is as it was', async () => {
    for (const letter of 'abcdefghi') queue.add(item(letter, mebibyte));
    await until(() => spool.files.size === 2);
    queue.releaseAll();
    expect(onDisk('free').sort()).toEqual(['abcd', 'efgh', 'i']);
    expect(queue.spooled).toBe(9);
    expect(done.sort().join('')).toBe('abcdefghi');
  });

  test('while some of it is moving, each is on disk once', async () => {
    for (const letter of 'abcdefghi') queue.add(item(letter, mebibyte));
    queue.releaseAll();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(onDisk('free').sort().join('')).toBe('abcdefghi');
    expect(spool.in('owned')).toEqual([]);
    expect(done.sort().join('')).toBe('abcdefghi');
  });

  test('more than there is time to compress is there as well', () => {
    for (const letter of 'abc') queue.add(item(letter, mebibyte));
    queue.releaseAll();
    expect(onDisk('free')).toEqual(['abc']);
    expect(spool.in('free')[0]?.body.length).toBeGreaterThan(3 * mebibyte);
  });

  test('near the end less is in memory', async () => {
    for (const letter of 'abcd') queue.add(item(letter, mebibyte));
    queue.prepareRelease();
    await until(() => spool.files.size === 1);
    expect(queue.spooled).toBe(4);
  });

  test('what an earlier run has counted is not counted again', async () => {
    queue.add({ ...item('a'), isEarlier: true });
    queue.releaseAll();
    expect(onDisk('free')).toEqual(['a']);
    expect(queue.spooled).toBe(0);
  });
});

describe('set aside', () => {
  test('it is on disk where nobody sends it', () => {
    queue.setAside(item('a'));
    expect(onDisk('refused')).toEqual(['a']);
    expect(done).toEqual(['a']);
  });

  test('it stays on disk when it was there', () => {
    const kept = spool.keep(
      { destination: '', needsHeaders: false, signal: 'logs', records: 1, at: 0 },
      Buffer.of(1),
    );
    if (kept.kind === 'failed') throw new Error(kept.reason);
    const there = itemOnDisk(kept.entry, false);
    expect(isOnDisk(there)).toBe(true);
    queue.setAside(there);
    expect(spool.in('refused')).toHaveLength(1);
  });

  test('it is given up when the disk takes nothing', () => {
    spool.isFull = true;
    queue.setAside(item('a'));
    expect(done).toEqual(['a']);
    expect(spool.files.size).toBe(0);
  });
});

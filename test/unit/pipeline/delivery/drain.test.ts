import { beforeEach, expect, test } from 'vitest';
import { Drain } from '../../../../src/pipeline/delivery/drain.ts';
import type { SpoolEntry } from '../../../../src/pipeline/spool/entry.ts';
import { FakeSpool } from './fake-spool.ts';

let spool: FakeSpool;
beforeEach(() => {
  spool = new FakeSpool();
});

const url = 'http://c';
const drain = (needsHeaders = false) => new Drain({ destination: url, needsHeaders, spool });
function leave(entry: Partial<SpoolEntry>): void {
  const about = {
    destination: url,
    needsHeaders: false,
    signal: 'logs' as const,
    records: 2,
    at: 1000,
    ...entry,
  };
  spool.leave(about, Buffer.from('body'));
}

test('entries come one at a time, ours until they are done', () => {
  leave({ at: 1 });
  leave({ at: 2, signal: 'traces' });
  const from = drain();
  const first = from.next();
  expect(first).toMatchObject({ signal: 'logs', records: 2, at: 1, isEarlier: true });
  expect(from.left()).toEqual({ records: 2, bytes: 4 });
  first?.done();
  expect(from.next()).toMatchObject({ signal: 'traces', at: 2 });
  expect(from.next()).toBeUndefined();
  expect(spool.in('owned')).toHaveLength(1);
});

test('those of other destinations are not touched', () => {
  leave({ destination: 'http://other' });
  const from = drain();
  expect(from.next()).toBeUndefined();
  expect(from.left()).toEqual({ records: 0, bytes: 0 });
  expect(spool.in('free')).toHaveLength(1);
});

test('those that need headers wait for a run that has some', () => {
  leave({ needsHeaders: true });
  leave({ at: 2 });
  expect(drain().next()).toMatchObject({ at: 2 });
  expect(spool.in('free')).toHaveLength(1);
  expect(drain(true).next()).toMatchObject({ at: 1000 });
});

test('one that is put back is there again, for others too', () => {
  leave({});
  const from = drain();
  const first = from.next();
  if (first) from.putBack(first);
  expect(spool.in('free')).toHaveLength(1);
  expect(from.next()).toMatchObject({ at: 1000 });
});

test('what another session has claimed meanwhile is left to it', () => {
  leave({ at: 1 });
  leave({ at: 2 });
  leave({ at: 3 });
  const [mine, theirs] = [drain(), drain()];
  expect([mine.next()?.at, theirs.next()?.at, mine.next()?.at, theirs.next()?.at]).toEqual([
    1,
    2,
    3,
    undefined,
  ]);
});

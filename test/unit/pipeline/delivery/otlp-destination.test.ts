import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeProtobuf, encodeProtobuf } from '../../../../src/otlp/protobuf.ts';
import type { Signal } from '../../../../src/otlp/types.ts';
import { OtlpDestination } from '../../../../src/pipeline/delivery/otlp-destination.ts';
import { outgoing } from '../../../../src/pipeline/delivery/outgoing.ts';
import { decoded } from '../../otlp/comparable.ts';
import { FakeSpool } from './fake-spool.ts';
import { badData, FakeTransport, misdirected, refused, taken, unavailable } from './fake-transport.ts';
import { named, namesOf } from './named-records.ts';

const url = 'http://c';
let spool: FakeSpool;
let transport: FakeTransport;
/** Names in the requests that were settled. */
let settled: string[];
/** ms on the destination's clock. */
let now: number;
beforeEach(() => {
  spool = new FakeSpool();
  transport = new FakeTransport();
  settled = [];
  now = 0;
});

const destination = (random = 0, needsHeaders = false) =>
  new OtlpDestination({ url, needsHeaders, transport, spool, random: () => random, now: () => now });

function send(to: OtlpDestination, names: readonly string[], signal: Signal = 'logs'): void {
  const request = named(signal, names);
  to.send(outgoing({ signal, request, records: names.length, settled: () => void settled.push(...names) }));
}

function leave(names: readonly string[], needsHeaders = false): void {
  const body = gzipSync(encodeProtobuf('logs', named('logs', names) as never));
  spool.leave({ destination: url, needsHeaders, signal: 'logs', records: names.length, at: 1 }, body);
}

/** The names in the spool's files. */
const onDisk = (state: 'owned' | 'free' | 'refused') =>
  spool.in(state).map(({ entry, body }) => namesOf(decoded(decodeProtobuf(entry.signal, gunzipSync(body)))));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `record ${i}`);

describe('taken', () => {
  test('a request is settled, and counted as it was sent', async () => {
    const to = destination();
    send(to, ['a', 'b']);
    expect(settled).toEqual([]);
    await to.close(1000);
    expect(transport.taken).toEqual(['a', 'b']);
    expect(settled).toEqual(['a', 'b']);
    expect(to.report()).toEqual({
      ...{ url, state: 'ok', lastError: null, refusedReason: null },
      ...{ requests: 1, bytes: 1, dropped: 0, setAside: 0, spooled: 0, drained: 0 },
    });
  });

  test('in parts of 4 MiB, it is settled with the last', async () => {
    transport.reply = (post) => (post.names.includes('c') ? unavailable : taken);
    const to = destination(1);
    const long = (letter: string) => letter + '-'.repeat(1.5 * 1024 * 1024);
    const names = [long('a'), long('b'), 'c', long('d'), long('e')];
    const request = named('logs', names);
    to.send(outgoing({ signal: 'logs', request, records: 5, settled: () => settled.push('all') }));
    await until(() => to.report().lastError !== null);
    expect(transport.posts.every(({ bytes }) => bytes <= 4 * 1024 * 1024)).toBe(true);
    expect(settled).toEqual([]);
    await to.close(0);
    expect(settled).toEqual(['all']);
    expect([...transport.taken, ...onDisk('free').flat()]).toEqual(names);
  });

  test('but for some records: those are counted, no more than there were, and not sent again', async () => {
    transport.reply = () => ({ ...taken, rejected: 1e15, message: 'too old' });
    const to = destination();
    send(to, ['a', 'b']);
    await to.close(1000);
    expect(transport.posts).toHaveLength(1);
    expect(to.report()).toMatchObject({
      ...{ state: 'ok', requests: 1, dropped: 2, lastError: 'too old', refusedReason: 'too old' },
    });
  });
});

describe('gathered', () => {
  const gathering = (gatheringMs: number) =>
    new OtlpDestination({
      url,
      needsHeaders: false,
      transport,
      spool,
      random: () => 0,
      now: () => now,
      gatheringMs,
    });

  test('what comes within the time leaves as one request', async () => {
    const to = gathering(20);
    send(to, ['a']);
    await turn();
    send(to, ['b']);
    await until(() => settled.length === 2);
    expect(transport.posts.map(({ names }) => names)).toEqual([['a', 'b']]);
    await to.close(0);
  });

  test('much does not wait for the time, nor what comes with it', async () => {
    const to = gathering(60_000);
    send(to, ['a']);
    await turn();
    send(to, ['b'.repeat(1_100_000)]);
    await until(() => settled.length === 2);
    expect(transport.posts).toHaveLength(1);
    await to.close(0);
  });

  test('near the end only little waits for the time', async () => {
    const to = gathering(60_000);
    send(to, ['a'.repeat(70_000)]);
    await turn();
    expect(transport.posts).toEqual([]);
    to.hurry();
    await until(() => settled.length === 1);
    send(to, ['b']);
    await turn();
    expect(transport.posts).toHaveLength(1);
    await to.close(1000);
    expect(transport.posts).toHaveLength(2);
  });

  test('at the end nothing waits for the time', async () => {
    const to = gathering(60_000);
    send(to, ['a']);
    await to.close(1000);
    expect(settled).toEqual(['a']);
  });
});

describe('unavailable', () => {
  test('it is tried again, with what came meanwhile', async () => {
    transport.reply = () => (transport.posts.length < 3 ? unavailable : taken);
    const to = destination();
    send(to, ['a']);
    send(to, ['b']);
    await until(() => to.report().requests === 1);
    expect(transport.posts.map(({ names }) => names)).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
    expect(to.report()).toMatchObject({ state: 'ok', lastError: null });
    expect(settled).toEqual(['a', 'b']);
  });

  test('not before the pause, and not at all at the end: then it is on disk', async () => {
    transport.reply = () => unavailable;
    const to = destination(1);
    send(to, ['a']);
    send(to, ['b'], 'traces');
    await until(() => to.report().lastError !== null);
    expect(settled).toEqual([]);
    await to.close(60_000);
    expect(transport.posts).toHaveLength(1);
    expect(onDisk('free').sort()).toEqual([['a'], ['b']]);
    expect(spool.in('free')[0]?.entry).toMatchObject({ destination: url, needsHeaders: false, records: 1 });
    expect(settled.sort()).toEqual(['a', 'b']);
    expect(to.report()).toMatchObject({
      ...{ state: 'rejected', lastError: 'HTTP 503', requests: 0, dropped: 0, spooled: 2 },
    });
  });

  test('without an answer it is unreachable', async () => {
    transport.reply = () => ({ kind: 'unavailable', reason: 'ECONNREFUSED', answered: false });
    const to = destination(1);
    send(to, ['a']);
    await to.close(1000);
    expect(to.report()).toMatchObject({ state: 'unreachable', lastError: 'ECONNREFUSED', spooled: 1 });
  });

  test('and nowhere to keep it, it is given up', async () => {
    transport.reply = () => unavailable;
    spool.isFull = true;
    const to = destination(1);
    send(to, ['a', 'b']);
    await to.close(1000);
    expect(to.report()).toMatchObject({ dropped: 2, spooled: 0 });
    expect(settled).toEqual(['a', 'b']);
  });
});

describe('bad data', () => {
  const isBad = (...bad: string[]) => {
    transport.reply = ({ names }) => (names.some((name) => bad.includes(name)) ? badData : taken);
  };

  test.each(['logs', 'traces', 'metrics'] as const)(
    'the one record of %s at fault is set aside',
    async (signal) => {
      isBad('record 137');
      const to = destination();
      send(to, numbered(300), signal);
      await to.close(5000);
      expect(transport.taken).toEqual(numbered(300).filter((name) => name !== 'record 137'));
      expect(onDisk('refused')).toEqual([['record 137']]);
      expect(to.report()).toMatchObject({ dropped: 1, setAside: 1 });
      expect(transport.posts.length).toBeLessThan(20);
      expect(settled).toEqual(numbered(300));
      expect(to.report()).toMatchObject({ state: 'ok', dropped: 1, spooled: 0, refusedReason: 'HTTP 400' });
    },
  );

  test('what waits behind it is not held up for ever: after 64 requests the rest is set aside', async () => {
    transport.reply = ({ names }) => (names.includes('next') ? taken : badData);
    const to = destination();
    send(to, numbered(300));
    send(to, ['next']);
    await to.close(5000);
    expect(transport.posts).toHaveLength(65);
    expect(onDisk('refused').flat()).toEqual(numbered(300));
    expect(to.report()).toMatchObject({ state: 'ok', dropped: 300, requests: 1 });
    expect(settled).toEqual([...numbered(300), 'next']);
  });

  test('a request that nobody can read is set aside whole', async () => {
    transport.reply = () => badData;
    spool.leave(
      { destination: url, needsHeaders: false, signal: 'logs', records: 7, at: 1 },
      gzipSync('\xff'),
    );
    transport.export = async () => badData;
    const to = destination();
    await to.drainAll(1000, () => {});
    expect(spool.in('refused')).toHaveLength(1);
    expect(to.report().dropped).toBe(7);
  });

  test('a search that the end cuts off leaves what is not yet taken on disk', async () => {
    transport.reply = ({ names }) => {
      if (names.includes('record 7')) return transport.posts.length > 2 ? 'hang' : badData;
      return taken;
    };
    const to = destination();
    send(to, numbered(8));
    await until(() => transport.posts.length === 3);
    await to.close(0);
    const left = onDisk('free').flat();
    expect([...transport.taken, ...left].sort()).toEqual(numbered(8));
    expect(left).toContain('record 7');
    expect(settled).toEqual(numbered(8));
    expect(to.report()).toMatchObject({ dropped: 0, spooled: left.length });
  });
});

describe('refused', () => {
  test('it is given up, and the next one is sent', async () => {
    transport.reply = ({ names }) => (names.includes('a') ? refused : taken);
    const to = destination();
    send(to, ['a']);
    send(to, ['b']);
    await to.close(1000);
    expect(transport.posts).toHaveLength(2);
    expect(to.report()).toMatchObject({ state: 'ok', dropped: 1, requests: 1, refusedReason: 'HTTP 500' });
    expect(settled).toEqual(['a', 'b']);
  });
});

describe('misdirected', () => {
  test('nothing is sent any more, and all is on disk at the end', async () => {
    transport.reply = () => misdirected;
    const to = destination();
    send(to, ['a']);
    await until(() => to.report().state === 'misdirected');
    send(to, ['b']);
    now += 1e9;
    await to.close(60_000);
    expect(transport.posts).toHaveLength(1);
    expect(onDisk('free')).toEqual([['a', 'b']]);
    expect(to.report()).toMatchObject({
      state: 'misdirected',
      lastError: 'HTTP 404',
      dropped: 0,
      spooled: 2,
    });
  });
});

describe('misdirected for one signal', () => {
  test('the others arrive, and the report does not forget it', async () => {
    transport.reply = ({ signal }) => (signal === 'logs' ? misdirected : taken);
    const to = destination();
    send(to, ['a']);
    await until(() => to.report().state === 'misdirected');
    send(to, ['b']);
    send(to, ['c'], 'traces');
    await until(() => transport.taken.length > 0);
    expect(transport.taken).toEqual(['c']);
    await to.close(1000);
    expect(transport.posts).toHaveLength(2);
    expect(onDisk('free')).toEqual([['a', 'b']]);
    expect(to.report()).toMatchObject({ state: 'misdirected', lastError: 'HTTP 404', spooled: 2 });
  });

  test('nor is what earlier runs have left of it tried', async () => {
    leave(['old']);
    transport.reply = ({ signal }) => (signal === 'logs' ? misdirected : taken);
    const to = destination();
    send(to, ['a']);
    await until(() => to.report().state === 'misdirected');
    send(to, ['c'], 'traces');
    await to.close(1000);
    expect(transport.posts.map(({ names }) => names)).toEqual([['a'], ['c']]);
  });
});

describe('closing', () => {
  test('the attempt under way is broken off with the budget, and what it was is on disk', async () => {
    transport.reply = () => 'hang';
    const to = destination();
    send(to, ['a']);
    send(to, ['b']);
    await to.close(20);
    expect(transport.posts.map(({ names }) => names)).toEqual([['a']]);
    expect(onDisk('free')).toEqual([['a', 'b']]);
    expect(to.report()).toMatchObject({ state: 'unreachable', lastError: 'no answer in time', spooled: 2 });
  });

  test('does not wait for a transport that does not stop', async () => {
    transport.export = () => new Promise(() => {});
    const to = destination();
    send(to, ['a']);
    await to.close(20);
    expect(onDisk('free')).toEqual([['a']]);
    expect(to.report()).toMatchObject({ state: 'unreachable', lastError: 'no answer in time', spooled: 1 });
  });

  test('a transport that fails has lost nothing', async () => {
    transport.export = async () => {
      throw new TypeError('a fault of ours');
    };
    const to = destination(1);
    send(to, ['a']);
    await to.close(1000);
    expect(onDisk('free')).toEqual([['a']]);
    expect(to.report()).toMatchObject({ state: 'unreachable', lastError: 'TypeError: a fault of ours' });
  });

  test('with nothing to do is at once, and twice is as good as once', async () => {
    const to = destination();
    await to.close(60_000);
    await to.close(60_000);
    expect(transport.posts).toEqual([]);
    expect(to.report().state).toBe('ok');
  });

  test('what comes afterwards is on disk', async () => {
    const to = destination();
    await to.close(1000);
    send(to, ['late']);
    expect(onDisk('free')).toEqual([['late']]);
    expect(settled).toEqual(['late']);
    expect(to.report()).toMatchObject({ spooled: 1, dropped: 0 });
  });
});

describe('what earlier runs have left', () => {
  test('is sent when there is nothing else, and counted by itself', async () => {
    leave(['old 1', 'old 2']);
    leave(['old 3']);
    const to = destination();
    send(to, ['new']);
    await until(() => transport.posts.length === 3);
    await to.close(1000);
    expect(transport.taken).toEqual(['new', 'old 1', 'old 2', 'old 3']);
    expect(spool.files.size).toBe(0);
    expect(to.report()).toMatchObject({ requests: 3, drained: 3, spooled: 0, dropped: 0 });
  });

  test('is left alone once closing begins', async () => {
    leave(['old']);
    const to = destination();
    send(to, ['new']);
    await to.close(1000);
    expect(transport.taken).toEqual(['new']);
    expect(onDisk('free')).toEqual([['old']]);
    expect(to.report()).toMatchObject({ spooled: 0, drained: 0 });
  });

  test('makes room for what is new when closing begins', async () => {
    leave(['old']);
    transport.reply = ({ names }) => (names.includes('old') ? 'hang' : taken);
    const to = destination(1);
    send(to, ['first']);
    await until(() => transport.posts.length === 2);
    send(to, ['second']);
    await to.close(60_000);
    expect(transport.taken).toEqual(['first', 'second']);
    expect(onDisk('free')).toEqual([['old']]);
    expect(to.report()).toMatchObject({ state: 'ok', lastError: null });
  });

  test('is put back when it is not taken', async () => {
    leave(['old']);
    transport.reply = ({ names }) => (names.includes('old') ? unavailable : taken);
    const to = destination(1);
    send(to, ['new']);
    await until(() => to.report().state === 'rejected');
    expect(onDisk('free')).toEqual([['old']]);
    await to.close(1000);
    expect(to.report()).toMatchObject({ spooled: 0, dropped: 0 });
  });

  test('is searched for what is bad like any other', async () => {
    leave(numbered(20));
    transport.reply = ({ names }) => (names.includes('record 3') ? badData : taken);
    const to = destination();
    await to.drainAll(1000, () => {});
    expect(transport.taken).toEqual(numbered(20).filter((name) => name !== 'record 3'));
    expect(onDisk('refused')).toEqual([['record 3']]);
    expect(spool.files.size).toBe(1);
    expect(to.report()).toMatchObject({ drained: 19, dropped: 1 });
  });

  test('that is gone when its turn comes is passed over', async () => {
    leave(['old']);
    const [file] = spool.files;
    const to = destination();
    const { waiting } = spool;
    spool.waiting = () =>
      waiting.call(spool).map((each) => ({
        ...each,
        claim() {
          const entry = each.claim();
          if (file) spool.files.delete(file);
          return entry;
        },
      }));
    expect(await to.drainAll(1000, () => {})).toEqual({ records: 0, bytes: 0 });
    expect(transport.posts).toEqual([]);
    expect(to.report().dropped).toBe(0);
  });
});

describe('draining all', () => {
  test('tells what is left, and ends when nothing is', async () => {
    leave(['a', 'b']);
    leave(['c']);
    leave(['d']);
    const left: number[] = [];
    const to = destination();
    expect(await to.drainAll(60_000, ({ records }) => left.push(records))).toEqual({ records: 0, bytes: 0 });
    expect(left).toEqual([2, 1, 0]);
    expect(transport.taken).toEqual(['a', 'b', 'c', 'd']);
  });

  test('is tried again while there is time', async () => {
    leave(['a']);
    transport.reply = () => (transport.posts.length < 4 ? unavailable : taken);
    const to = destination();
    expect(await to.drainAll(60_000, () => {})).toEqual({ records: 0, bytes: 0 });
    expect(transport.posts).toHaveLength(4);
  });

  test('ends with the time, and leaves the rest', async () => {
    leave(['a', 'b']);
    transport.reply = () => 'hang';
    const to = destination();
    expect(await to.drainAll(20, () => {})).toMatchObject({ records: 2 });
    expect(onDisk('free')).toEqual([['a', 'b']]);
  });

  test('ends at once where nothing is taken', async () => {
    leave(['a', 'b']);
    transport.reply = () => misdirected;
    const to = destination();
    expect(await to.drainAll(60_000, () => {})).toMatchObject({ records: 2 });
    expect(to.report()).toMatchObject({ state: 'misdirected', lastError: 'HTTP 404' });
  });

  test('leaves what needs headers to a run that has some', async () => {
    leave(['a'], true);
    expect(await destination().drainAll(1000, () => {})).toMatchObject({ records: 1 });
    expect(transport.posts).toEqual([]);
    expect(await destination(0, true).drainAll(1000, () => {})).toMatchObject({ records: 0 });
  });
});

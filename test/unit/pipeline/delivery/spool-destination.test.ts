import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeProtobuf } from '../../../../src/otlp/protobuf.ts';
import { SpoolDestination } from '../../../../src/pipeline/delivery/spool-destination.ts';
import { decoded } from '../../otlp/comparable.ts';
import { FakeSpool } from './fake-spool.ts';
import { named, namesOf } from './named-records.ts';

const url = 'http://c';

function destination() {
  const spool = new FakeSpool();
  const to = new SpoolDestination(url, true, spool);
  let settled = 0;
  const send = (names: readonly string[]) =>
    to.send({
      signal: 'logs',
      request: named('logs', names),
      records: names.length,
      settled: () => {
        settled += 1;
      },
    });
  const kept = () =>
    spool.in('free').map(({ entry, body }) => ({
      entry,
      names: namesOf(decoded(decodeProtobuf(entry.signal, gunzipSync(body)))),
    }));
  return { spool, to, send, kept, settled: () => settled };
}

test('all is on disk, for everybody, when it is sent', () => {
  const { to, send, kept, settled } = destination();
  send(['a', 'b']);
  expect(kept()).toEqual([
    {
      entry: { destination: url, needsHeaders: true, signal: 'logs', records: 2, at: expect.any(Number) },
      names: ['a', 'b'],
    },
  ]);
  expect(settled()).toBe(1);
  expect(to.report()).toMatchObject({ url, spooled: 2, dropped: 0, lastError: null });
});

test('in parts of 4 MiB, as collectors take it', () => {
  const { to, send, kept, settled } = destination();
  const names = ['a', 'b', 'c', 'd'].map((letter) => letter + '-'.repeat(1.5 * 1024 * 1024));
  send(names);
  expect(kept().map((each) => each.names.map(([letter]) => letter).join(''))).toEqual(['ab', 'cd']);
  expect(kept().map(({ entry }) => entry.records)).toEqual([2, 2]);
  expect(settled()).toBe(1);
  expect(to.report()).toMatchObject({ spooled: 4, dropped: 0 });
});

test('what the disk does not take is counted', () => {
  const { spool, to, send, settled } = destination();
  spool.isFull = true;
  send(['a', 'b', 'c']);
  expect(settled()).toBe(1);
  expect(to.report()).toMatchObject({ spooled: 0, dropped: 3, lastError: 'ENOSPC' });
});

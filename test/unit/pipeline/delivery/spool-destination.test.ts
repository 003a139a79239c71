import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeProtobuf } from '../../../../src/otlp/protobuf.ts';
import { outgoing } from '../../../../src/pipeline/delivery/outgoing.ts';
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
    to.send(
      outgoing({
        signal: 'logs',
        request: named('logs', names),
        records: names.length,
        settled: () => {
          settled += 1;
        },
      }),
    );
  const kept = () =>
    spool.in('free').map(({ entry, body }) => ({
      entry,
      names: namesOf(decoded(decodeProtobuf(entry.signal, gunzipSync(body)))),
    }));
  return { spool, to, send, kept, settled: () => settled };
}

test('all is on disk, for everybody, when it is closed, what is small together', async () => {
  const { to, send, kept, settled } = destination();
  send(['a', 'b']);
  send(['c']);
  expect(settled()).toBe(0);
  await to.close();
  expect(kept()).toEqual([
    {
      entry: { destination: url, needsHeaders: true, signal: 'logs', records: 3, at: expect.any(Number) },
      names: ['a', 'b', 'c'],
    },
  ]);
  expect(settled()).toBe(2);
  expect(to.report()).toMatchObject({ url, spooled: 3, dropped: 0, lastError: null });
});

test('in parts of 4 MiB, as collectors take it, without waiting for the end', () => {
  const { to, send, kept, settled } = destination();
  const names = ['a', 'b', 'c', 'd'].map((letter) => letter + '-'.repeat(1.5 * 1024 * 1024));
  send(names);
  expect(kept().map((each) => each.names.map(([letter]) => letter).join(''))).toEqual(['ab', 'cd']);
  expect(kept().map(({ entry }) => entry.records)).toEqual([2, 2]);
  expect(settled()).toBe(1);
  expect(to.report()).toMatchObject({ spooled: 4, dropped: 0 });
});

test('what the disk does not take is counted', async () => {
  const { spool, to, send, settled } = destination();
  spool.isFull = true;
  send(['a', 'b', 'c']);
  await to.close();
  expect(settled()).toBe(1);
  expect(to.report()).toMatchObject({ spooled: 0, dropped: 3, lastError: 'ENOSPC' });
});

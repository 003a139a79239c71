import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { Signal } from '../../src/otlp/types.ts';
import { OtlpDestination } from '../../src/pipeline/delivery/otlp-destination.ts';
import { outgoing } from '../../src/pipeline/delivery/outgoing.ts';
import { decoded } from '../unit/otlp/comparable.ts';
import { FakeSpool } from '../unit/pipeline/delivery/fake-spool.ts';
import {
  badData,
  FakeTransport,
  misdirected,
  type Reply,
  refused,
  taken,
  unavailable,
} from '../unit/pipeline/delivery/fake-transport.ts';
import { named, namesOf } from '../unit/pipeline/delivery/named-records.ts';

const url = 'http://c';

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      signal: fc.constantFrom<Signal>('logs', 'traces', 'metrics'),
      records: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk' as const), isFull: fc.boolean() }) },
);
const reply = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Reply>(taken) },
  { weight: 3, arbitrary: fc.constant<Reply>(badData) },
  { weight: 3, arbitrary: fc.constant<Reply>(unavailable) },
  { weight: 1, arbitrary: fc.constant<Reply>(refused) },
  { weight: 1, arbitrary: fc.constantFrom<Reply>(misdirected, 'hang') },
);

/**
 * A run, and another one that drains what the first has left to a collector that takes all.
 * @param padding bytes of each record.
 */
async function play(
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
  replies: Reply[],
  padding: number,
) {
  const spool = new FakeSpool();
  const transport = new FakeTransport(() => replies.shift() ?? taken);
  const place = { url, needsHeaders: false, spool, random: () => 0, now: () => 0 };
  const to = new OtlpDestination({ ...place, transport });
  const sent: string[] = [];
  const settled: { times: number }[] = [];
  for (const each of steps) {
    if (each.kind === 'disk') spool.isFull = each.isFull;
    if (each.kind === 'turns') for (let i = 0; i < each.count; i += 1) await turn();
    if (each.kind !== 'send') continue;
    const { signal, records } = each;
    const names = Array.from({ length: records }, (_, i) => `${signal} ${sent.length + i}`);
    sent.push(...names);
    const count = { times: 0 };
    settled.push(count);
    const request = named(
      signal,
      names.map((name) => name.padEnd(padding)),
    );
    to.send(outgoing({ signal, request, records, settled: () => void count.times++ }));
  }
  await to.close(1);

  const namesIn = (state: 'owned' | 'free' | 'refused') =>
    spool
      .in(state)
      .flatMap(({ entry, body }) =>
        trimmed(namesOf(decoded(decodeProtobuf(entry.signal, gunzipSync(body))))),
      );
  const [kept, owned, setAside] = [namesIn('free'), namesIn('owned'), namesIn('refused')];
  const later = new FakeTransport();
  const next = new OtlpDestination({ ...place, transport: later });
  await next.drainAll(60_000, () => {});
  return {
    ...{ sent, settled, kept, owned, setAside, report: to.report(), next: next.report() },
    ...{ taken: trimmed(transport.taken), takenLater: trimmed(later.taken) },
  };
}

const trimmed = (names: readonly string[]) => names.map((name) => name.trimEnd());
const numberOf = (name: string) => Number(name.split(' ')[1]);
const ofSignal = (signal: Signal, names: readonly string[]) =>
  names.filter((name) => name.startsWith(signal)).map(numberOf);

test.each([
  ['small', 0, 300],
  // Many are beyond what memory holds, and some requests beyond what is sent at once.
  ['large', 600_000, 15],
])(
  'each of %s records ends in one place, whatever the collector and the disk do',
  async (_, padding, numRuns) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.array(reply, { maxLength: 120 }),
        async (steps, replies) => {
          const end = await play(steps, replies, padding);
          const places = [...end.taken, ...end.kept, ...end.setAside];
          expect(new Set(places).size).toBe(places.length);
          expect(end.sent).toEqual(expect.arrayContaining(places));
          // The rest are those that were refused for good, or that no disk took.
          expect(end.report.dropped).toBe(end.sent.length - end.taken.length - end.kept.length);
          expect(end.report.spooled).toBe(end.kept.length);
          expect(end.owned).toEqual([]);
          expect(end.settled.every(({ times }) => times === 1)).toBe(true);
          for (const signal of ['logs', 'traces', 'metrics'] as const) {
            const order = ofSignal(signal, end.taken);
            expect(order).toEqual(order.toSorted((a, b) => a - b));
          }
          expect(end.takenLater.toSorted()).toEqual(end.kept.toSorted());
          expect(end.next).toMatchObject({ drained: end.kept.length, dropped: 0, spooled: 0 });
        },
      ),
      { numRuns },
    );
  },
  60_000,
);

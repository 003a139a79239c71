import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TurnEnds } from '../../../src/session/turn-ends.ts';
import { turnEnd } from './events.ts';

describe('the turn around a moment', () => {
  test('is one of that session, its first and last moment with it', () => {
    const end = turnEnd({ startedAt: 1000, endedAt: 2000 });
    const ends = new TurnEnds([end, turnEnd({ sessionId: 'other', startedAt: 0, endedAt: 9000 })]);
    expect([999, 1000, 2000, 2001].map((at) => ends.around('s', at))).toEqual([null, end, end, null]);
    expect(ends.around('unheard of', 1000)).toBeNull();
  });

  test('is the one told of first, in whichever order they begin and end', () => {
    const time = fc.nat(30);
    const told = fc.array(
      fc.tuple(time, time).map(([startedAt, lasts]) => turnEnd({ startedAt, endedAt: startedAt + lasts })),
    );
    fc.assert(
      fc.property(told, fc.nat(60), (all, at) => {
        const first = all.find(({ startedAt, endedAt }) => startedAt <= at && at <= endedAt) ?? null;
        expect(new TurnEnds(all).around('s', at)).toBe(first);
      }),
    );
  });
});

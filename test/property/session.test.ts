import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../src/session/event.ts';
import { coveredMs, type Interval } from '../../src/session/interval.ts';
import { type Totals, totalsOf } from '../../src/session/totals.ts';
import { addUsage, noUsage } from '../../src/session/usage.ts';
import { recorded } from '../unit/session/events.ts';
import { anySession, calls, others, sessionOf } from './session-arbitrary.ts';

describe('the time that intervals cover', () => {
  const interval = fc
    .tuple(fc.nat(60), fc.nat(60))
    .map(([startedAt, endedAt]): Interval => ({ startedAt, endedAt }));

  test('is the number of milliseconds that lie in at least one of them', () => {
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const inside = (ms: number) => intervals.some((i) => i.startedAt <= ms && ms < i.endedAt);
        const counted = Array.from({ length: 61 }, (_, ms) => ms).filter(inside).length;
        expect(coveredMs(intervals)).toBe(counted);
      }),
    );
  });

  test('is the same in any order', () => {
    const shuffled = fc
      .array(interval)
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([intervals, other]) => {
        expect(coveredMs(other)).toBe(coveredMs(intervals));
      }),
    );
  });
});

function shuffled(session: fc.Arbitrary<AgentEvent[]>): fc.Arbitrary<[AgentEvent[], AgentEvent[]]> {
  return session.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );
}

/** Rows stand in order of appearance, and of errors at the same time the later arrival is the last one. */
function withoutOrder({ models, tools, errors, ...rest }: Totals) {
  const sorted = <T>(items: readonly T[]) => items.map((item) => JSON.stringify(item)).sort();
  return {
    ...rest,
    models: sorted(models),
    tools: sorted(tools),
    errors: { ...errors, last: errors.last?.at },
  };
}

describe('the totals of any session', () => {
  test('are the sums of its rows', () => {
    fc.assert(
      fc.property(anySession, (events) => {
        const { usage, cost, models: rows, llmCalls, tools, errors } = totalsOf(recorded(events).session);
        expect(usage).toEqual(rows.map((row) => row.usage).reduce(addUsage, noUsage));
        expect(cost.usd).toBeCloseTo(
          rows.reduce((sum, row) => sum + row.cost.usd, 0),
          9,
        );
        expect(llmCalls).toBe(rows.reduce((sum, row) => sum + row.llmCalls, 0));
        expect(errors.total).toBe(Object.values(errors.byType).reduce((sum, n) => sum + n, 0));
        expect(tools.every((row) => row.failures <= row.calls)).toBe(true);
      }),
    );
  });

  test('are never less than its calls', () => {
    fc.assert(
      fc.property(anySession, (events) => {
        const { session } = recorded(events);
        const { usage, models: rows } = totalsOf(session);
        const ofCalls = [...session.llmCalls.values()].map((each) => each.usage).reduce(addUsage, noUsage);
        expect(usage.inputTokens).toBeGreaterThanOrEqual(ofCalls.inputTokens);
        expect(usage.outputTokens).toBeGreaterThanOrEqual(ofCalls.outputTokens);
        for (const row of rows) {
          expect(row.cost.usd).toBeGreaterThanOrEqual(0);
          expect(row.unattributedTokens).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  test('have one row per model and role', () => {
    fc.assert(
      fc.property(anySession, (events) => {
        const keys = totalsOf(recorded(events).session).models.map(({ model, role }) => `${model} ${role}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('are the same when everything is delivered twice', () => {
    fc.assert(
      fc.property(anySession, (events) => {
        const once = totalsOf(recorded(events).session);
        expect(totalsOf(recorded([...events, ...events]).session)).toEqual(once);
      }),
    );
  });

  /**
   * Three orders do matter, each one that a single exporter keeps: points of one cumulative series, a person's decision before
   * the result whose wait it ends, and a conversation's start before its prompts and calls (the mappers know helpers by it).
   * Without the CLI's own totals nothing else does.
   */
  test('are the same in any order of arrival', () => {
    fc.assert(
      fc.property(shuffled(sessionOf(calls, others)), ([events, other]) => {
        const told = withoutOrder(totalsOf(recorded(events).session));
        expect(withoutOrder(totalsOf(recorded(other).session))).toEqual(told);
      }),
    );
  });
});

test('totals that the CLI reports give the same sums in any order of arrival', () => {
  fc.assert(
    fc.property(shuffled(anySession), ([events, other]) => {
      const a = totalsOf(recorded(events).session);
      const b = totalsOf(recorded(other).session);
      expect(b.usage).toEqual(a.usage);
      expect(b.cost.usd).toBeCloseTo(a.cost.usd, 9);
    }),
  );
});

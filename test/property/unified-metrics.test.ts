import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnifiedMetrics } from '../../src/pipeline/unified/metrics.ts';
import type { AgentEvent, Role } from '../../src/session/event.ts';
import { Recorder } from '../../src/session/recorder.ts';
import { runAttributes } from '../support/run-attributes.ts';
import { collect, endedAt, lastOfEach, type ReadPoint, readMetrics } from '../support/unified-metrics.ts';
import {
  call,
  decision,
  failure,
  listPrice,
  prompt,
  toolCall,
  total,
  usage,
} from '../unit/session/events.ts';

const role = fc.constantFrom<Role>('main', 'subagent', 'utility');
const model = fc.constantFrom('model-a', 'model-b');
const time = fc.integer({ min: 1000, max: 60_000 });
const id = fc.uuid();

const anyCall = fc
  .record({ callId: id, role, model, endedAt: time, durationMs: fc.nat(500), tokens: fc.nat(900) })
  .map(({ tokens, ...told }) =>
    call({
      ...told,
      usage: usage({ inputTokens: tokens, cacheReadTokens: tokens >> 1, reasoningTokens: 3 }),
    }),
  );

/** What only adds to what was told before. */
const anyAddition: fc.Arbitrary<AgentEvent> = fc.oneof(
  anyCall,
  fc
    .record({ errorId: id, role, at: time, durationMs: fc.nat(300) })
    .map((told) => failure({ ...told, type: 'server' })),
  fc
    .record({ callId: id, endedAt: time, durationMs: fc.nat(300), success: fc.boolean() })
    .map((told) => toolCall(told)),
  fc.record({ callId: id, at: time, accepted: fc.boolean() }).map((told) => decision(told)),
  time.map((at) => prompt({ at })),
);

/** What may move or take back what was told: totals of the CLI's own. */
const anyTotal = fc
  .record({
    model,
    role,
    measure: fc.constantFrom('usd', 'input', 'output', 'cache_read', 'cache_write'),
    value: fc.nat(4000),
  })
  .map((told) => total(told));

/** Each event, and whether the metrics are collected after it. */
function anySession(event: fc.Arbitrary<AgentEvent>) {
  return fc.array(fc.tuple(event, fc.boolean()), { maxLength: 25 });
}

/** All points of a session: as they are collected on the way, or only those of its end. */
function pointsOf(steps: readonly (readonly [AgentEvent, boolean])[], isCollected: boolean): ReadPoint[] {
  const recorder = new Recorder(listPrice, { vendor: 'anthropic' });
  const metrics = new UnifiedMetrics(recorder, null, runAttributes(), 500);
  const told = steps.flatMap(([event, collects], i) => {
    recorder.fold(event);
    return isCollected && collects ? readMetrics(collect(metrics, 20_000 + i * 3000)) : [];
  });
  return [...told, ...readMetrics(metrics.close(endedAt(recorder, 200_000)))];
}

/** Sums of doubles in another order differ in the last digits. */
function standing(points: readonly ReadPoint[]) {
  const rounded = lastOfEach(points).map(({ series, value, count }) => [series, value.toFixed(9), count]);
  return new Map(rounded.map((entry) => [entry[0], entry]));
}

test('however often metrics are collected, they end with the same figures', () => {
  fc.assert(
    fc.property(anySession(anyAddition), (steps) => {
      expect(standing(pointsOf(steps, true))).toEqual(standing(pointsOf(steps, false)));
    }),
  );
});

test('no series ever falls, stands still in time or begins anew', () => {
  fc.assert(
    fc.property(anySession(fc.oneof(anyAddition, anyTotal)), (steps) => {
      const known = new Map<string, ReadPoint>();
      for (const point of pointsOf(steps, true)) {
        const before = known.get(point.series);
        if (before) {
          expect(point.value).toBeGreaterThanOrEqual(before.value);
          expect(point.count ?? 0).toBeGreaterThanOrEqual(before.count ?? 0);
          expect(point.at).toBeGreaterThan(before.at);
          expect(point.startedAt).toBe(before.startedAt);
        } else {
          expect(point.value).toBe(0);
        }
        known.set(point.series, point);
      }
    }),
  );
});

test('and none is less in the end than the receipt says', () => {
  fc.assert(
    fc.property(anySession(fc.oneof(anyAddition, anyTotal)), (steps) => {
      const ends = lastOfEach(pointsOf(steps, true));
      for (const { series, value } of lastOfEach(pointsOf(steps, false))) {
        const end = ends.find((point) => point.series === series);
        expect(end?.value).toBeGreaterThanOrEqual(value - 1e-9);
      }
    }),
  );
});

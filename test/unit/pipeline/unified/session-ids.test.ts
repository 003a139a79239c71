import { describe, expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import {
  isTraceSampled,
  sessionIds,
  sessionTraceParent,
} from '../../../../src/pipeline/unified/session-ids.ts';
import { UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import { parseTraceParent } from '../../../../src/pipeline/unified/trace-context.ts';
import { rootKey } from '../../../../src/session/spans/span.ts';

const runId = '6a82880d-072c-4d24-a83d-2b5d15fd1f18';
const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('are the digits of the run', () => {
  const ids = sessionIds(runId);
  expect(hex(ids?.traceId)).toBe('6a82880d072c4d24a83d2b5d15fd1f18');
  expect(hex(ids?.spanId)).toBe('6a82880d072c4d24');
});

test.each(['run-1', '', '6a82880d', 'zz82880d-072c-4d24-a83d-2b5d15fd1f18'])(
  'a run that is no UUID has none: %s',
  (other) => {
    expect(sessionIds(other)).toBeNull();
    expect(sessionTraceParent(other, null, 1)).toBeNull();
  },
);

describe('the session’s span as a parent', () => {
  test.each([
    ['with a trace of its own', null],
    ['in the trace it was given', parent],
  ])('is the one that is sent: %s', (_, given) => {
    const ids = new UnifiedIds({
      scope: 'turn',
      runId,
      parent: parseTraceParent(given ?? undefined),
      sampleRate: 1,
    }).of({ turn: null, key: rootKey });
    const told = parseTraceParent(sessionTraceParent(runId, given, 1) ?? '');
    expect([hex(told?.traceId), hex(told?.spanId)]).toEqual([hex(ids.traceId), hex(ids.spanId)]);
    expect(told?.isSampled).toBe(true);
  });

  test('is sampled as its own trace is', () => {
    expect(sessionTraceParent(runId, null, 0)).toMatch(/-00$/);
    expect(sessionTraceParent(runId, null, 1)).toMatch(/-01$/);
  });

  test('is sampled as the trace it was given, whatever the own rate', () => {
    expect(sessionTraceParent(runId, parent, 0)).toMatch(/-01$/);
    expect(sessionTraceParent(runId, parent.replace(/01$/, '00'), 1)).toMatch(/-00$/);
  });
});

test('run ids of version 4 are random where sampling looks: about half of them are in half', () => {
  const ids = Array.from(
    { length: 400 },
    () => sessionIds(crypto.randomUUID())?.traceId ?? new Uint8Array(16),
  );
  const share = ids.filter((id) => isTraceSampled(id, 0.5)).length / ids.length;
  expect(share).toBeGreaterThan(0.3);
  expect(share).toBeLessThan(0.7);
});

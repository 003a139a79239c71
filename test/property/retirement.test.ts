import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnifiedMetrics } from '../../src/pipeline/unified/metrics.ts';
import { UnifiedIds } from '../../src/pipeline/unified/span-ids.ts';
import { UnifiedTraces } from '../../src/pipeline/unified/traces.ts';
import type { AgentEvent } from '../../src/session/event.ts';
import { Recorder } from '../../src/session/recorder.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { turnOf } from '../../src/session/turn.ts';
import { runAttributes } from '../support/run-attributes.ts';
import { collect } from '../support/unified-metrics.ts';
import { ended } from '../unit/pipeline/unified/ended.ts';
import { listPrice } from '../unit/session/events.ts';
import { anyConversation } from './conversation-arbitrary.ts';
import { anySession } from './session-arbitrary.ts';

/** The part of the session that an event is of: its records come one soon after the other. */
function partOf(event: AgentEvent | undefined): string | undefined {
  return /id-\d+/.exec(JSON.stringify(event))?.[0];
}

/** All that a run tells, where calls retire as soon as they may, or never. @param looks after which events it is looked at */
function toldOf(events: readonly AgentEvent[], looks: readonly boolean[], kept: number) {
  const recorder = new Recorder(listPrice, { vendor: 'anthropic' }, kept);
  const ids = new UnifiedIds({ scope: 'turn', runId: 'run-1', parent: null, sampleRate: 1 });
  const traces = new UnifiedTraces(recorder, ids, runAttributes());
  const metrics = new UnifiedMetrics(recorder, ids, runAttributes(), 500);
  const told: unknown[] = [];
  for (const [i, event] of events.entries()) {
    recorder.fold(event);
    traces.onEvent(event, 0);
    if (!looks[i % looks.length] || partOf(event) === partOf(events[i + 1])) continue;
    told.push(traces.take(i, 0).spans, collect(metrics, 20_000 + i * 3000), totalsOf(recorder.session));
  }
  const { session } = recorder;
  const end = ended(session, { totals: totalsOf(session) });
  const turns = session.turnEnds.map((each) => turnOf(session, each));
  told.push(end.totals, turns, traces.close(end), metrics.close(end));
  return { told: JSON.parse(JSON.stringify(told)), left: session.llmCalls.size + session.tools.size };
}

const looks = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });

test('nothing that is told depends on when calls and tools retire, whatever is repeated later', () => {
  let retired = 0;
  fc.assert(
    fc.property(fc.oneof(anyConversation, anySession), looks, fc.boolean(), (session, looks, isRepeated) => {
      const events = isRepeated ? [...session, ...session] : session;
      const early = toldOf(events, looks, 0);
      const never = toldOf(events, looks, Number.POSITIVE_INFINITY);
      expect(early.told).toEqual(never.told);
      retired += never.left - early.left;
    }),
  );
  expect(retired).toBeGreaterThan(0);
});

import type { Ended } from '../../../../src/pipeline/unified/session-span.ts';
import { type TraceShape, UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import { UnifiedTraces } from '../../../../src/pipeline/unified/traces.ts';
import type { Pricer } from '../../../../src/session/cost.ts';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { runAttributes } from '../../../support/run-attributes.ts';
import { readSpan } from '../../../support/unified-spans.ts';
import { listPrice, recorded } from '../../session/events.ts';
import { ended } from './ended.ts';

/** A run whose events are told one after the other. */
export function startTraces(shape: Partial<TraceShape> = {}, price: Pricer = listPrice) {
  const recorder = recorded([], price);
  const ids = new UnifiedIds({ scope: 'turn', runId: 'run-1', parent: null, sampleRate: 1, ...shape });
  const traces = new UnifiedTraces(recorder, ids, runAttributes());
  /** @param now ms */
  const tellAt = (now: number, ...events: AgentEvent[]) => {
    for (const event of events) {
      recorder.fold(event);
      traces.onEvent(event, now);
    }
  };
  return {
    traces,
    recorder,
    tell: (...events: AgentEvent[]) => tellAt(0, ...events),
    tellAt,
    /** Names of the spans that leave at this time, in ms. */
    take(now: number, settleMs = 100) {
      const { spans, waitMs } = traces.take(now, settleMs);
      return { names: spans.map(({ name }) => name), waitMs };
    },
    close: (change: Partial<Ended> = {}) =>
      traces.close(ended(recorder.session, { totals: totalsOf(recorder.session), ...change })).map(readSpan),
  };
}

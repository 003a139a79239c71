import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { text } from '../../src/otlp/attributes.ts';
import { UnifiedIds } from '../../src/pipeline/unified/span-ids.ts';
import { UnifiedTraces } from '../../src/pipeline/unified/traces.ts';
import type { AgentEvent } from '../../src/session/event.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { runAttributes } from '../support/run-attributes.ts';
import { answers, type ReadSpan, readSpan, spentBy, spentIn } from '../support/unified-spans.ts';
import { ended } from '../unit/pipeline/unified/ended.ts';
import { recorded } from '../unit/session/events.ts';
import { anyConversation, orderlyConversation } from './conversation-arbitrary.ts';
import { anySession } from './session-arbitrary.ts';

/** After which events spans are taken, and how long they settle, in events. */
interface Takes {
  after: readonly boolean[];
  settle: number;
}
const anyTakes: fc.Arbitrary<Takes> = fc.record({
  after: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  settle: fc.nat(3),
});
const atTheEnd: Takes = { after: [], settle: 0 };

/** What a run sends in all, and the session that it was of. */
function sentOf(events: readonly AgentEvent[], { after, settle }: Takes) {
  const recorder = recorded([]);
  const ids = new UnifiedIds({ scope: 'turn', runId: 'run-1', parent: null, sampleRate: 1 });
  const traces = new UnifiedTraces(recorder, ids, runAttributes());
  const spans: ReadSpan[] = [];
  for (const [i, event] of events.entries()) {
    recorder.fold(event);
    traces.onEvent(event, 0);
    if (after[i]) spans.push(...traces.take(i, settle).spans.map(readSpan));
  }
  spans.push(...traces.close(ended(recorder.session)).map(readSpan));
  return { spans, session: recorder.session, totals: totalsOf(recorder.session) };
}

const sessions = fc.oneof(anySession, anyConversation, orderlyConversation);

describe('whenever the spans of a session leave', () => {
  test('each has an id of its own', () => {
    fc.assert(
      fc.property(sessions, anyTakes, (events, takes) => {
        const ids = sentOf(events, takes).spans.map(({ spanId }) => spanId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 150 },
    );
  });

  test('they spend together what the receipt says', () => {
    fc.assert(
      fc.property(sessions, anyTakes, (events, takes) => {
        const { spans, totals } = sentOf(events, takes);
        const [sent, told] = [spentIn(spans), spentBy(totals)];
        expect(sent.usage).toEqual(told.usage);
        expect(Math.abs(sent.usd - told.usd)).toBeLessThanOrEqual(1e-9);
      }),
      { numRuns: 150 },
    );
  });

  test('each call, each tool and each failed attempt is one of them', () => {
    fc.assert(
      fc.property(sessions, anyTakes, (events, takes) => {
        const { spans, session } = sentOf(events, takes);
        const calls = answers(spans).filter(({ isCorrection }) => !isCorrection);
        expect(calls).toHaveLength(session.llmCalls.size);
        expect(spans.filter(({ kind }) => kind === 'TOOL')).toHaveLength(session.tools.size);
        const failures = spans.filter(({ kind, errorType }) => kind === 'LLM' && errorType !== null);
        expect(failures).toHaveLength(session.errors.size);
      }),
      { numRuns: 150 },
    );
  });

  test('none ends before it begins', () => {
    fc.assert(
      fc.property(sessions, anyTakes, (events, takes) => {
        const { spans } = sentOf(events, takes);
        expect(spans.filter(({ startedAt, endedAt }) => endedAt < startedAt)).toEqual([]);
      }),
    );
  });
});

describe('all spans that leave at the end', () => {
  test('have their parents in their own traces, and lead to spans that there are', () => {
    fc.assert(
      fc.property(sessions, (events) => {
        const { spans } = sentOf(events, atTheEnd);
        const places = new Set(spans.map(({ traceId, spanId }) => `${traceId}/${spanId}`));
        for (const { name, traceId, parentId, links } of spans) {
          if (parentId !== '') expect(places, name).toContain(`${traceId}/${parentId}`);
          for (const link of links) expect(places, name).toContain(`${link.traceId}/${link.spanId}`);
        }
      }),
      { numRuns: 250 },
    );
  });
});

describe('spans of a session that is told in order of time', () => {
  /**
   * Their times may still change, and what they link to. A helper's call does not wait for the compaction that it may have been
   * made for. Corrections depend on what had left before.
   */
  const shapes = (spans: readonly ReadSpan[]) =>
    spans
      .filter(({ isCorrection }) => !isCorrection)
      .map(({ traceId, spanId, parentId, name, attributes }) => {
        const isHelper = text(attributes, 'ai_trace.call.role') === 'utility';
        return [traceId, spanId, isHelper ? '' : parentId, name].join(' ');
      })
      .sort();

  test('are the same whenever they leave', () => {
    fc.assert(
      fc.property(orderlyConversation, anyTakes, (events, takes) => {
        expect(shapes(sentOf(events, takes).spans)).toEqual(shapes(sentOf(events, atTheEnd).spans));
      }),
      { numRuns: 250 },
    );
  });
});

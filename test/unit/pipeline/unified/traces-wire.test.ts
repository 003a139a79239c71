import { describe, expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import { parseTraceParent } from '../../../../src/pipeline/unified/trace-context.ts';
import { call, failure, prompt, toolCall, turnEnd } from '../../session/events.ts';
import { plain } from '../plain.ts';
import { startTraces } from './told-traces.ts';

describe('a span on the wire', () => {
  test('has kind, times, status and an exception where it failed', () => {
    const run = startTraces();
    run.tell(prompt(), failure({ at: 1500, durationMs: 200, message: 'slow down' }));
    const [, error] = run.close();
    expect(error).toMatchObject({ startedAt: 1300, endedAt: 1500 });
    expect(error?.span).toMatchObject({ kind: 3, status: { code: 2 }, flags: 0x101 });
    const [event, ...more] = error?.span.events ?? [];
    expect(more).toEqual([]);
    expect(event?.name).toBe('exception');
    expect(plain(event?.attributes ?? [])).toEqual({
      'exception.type': 'rate_limit',
      'exception.message': 'slow down',
    });
  });

  test('is of its own session, that of a hidden thread of the person’s', () => {
    const run = startTraces();
    run.tell({ kind: 'session', sessionId: 's', helper: false }, prompt());
    run.tell({ kind: 'session', sessionId: 'title', helper: true });
    run.tell(call({ sessionId: 'title', role: 'utility' }));
    const told = run.close().map(({ attributes }) => plain(attributes)['session.id']);
    expect(told).toEqual(['s', 's', 's']);
  });

  test('below a TRACEPARENT is in its trace, the turn and the session with a remote parent', () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const span = 'b7ad6b7169203331';
    const run = startTraces({ parent: parseTraceParent(`00-${trace}-${span}-01`), sampleRate: 0 });
    run.tell(prompt(), call());
    const [turn, llm, session] = run.close();
    expect([turn, llm, session].map((each) => each?.traceId)).toEqual([trace, trace, trace]);
    expect([turn?.parentId, llm?.parentId, session?.parentId]).toEqual([span, turn?.spanId, span]);
    expect([turn, llm, session].map((each) => each?.span.flags)).toEqual([0x301, 0x101, 0x301]);
  });

  test('of a turn is below the session, where that is the trace', () => {
    const run = startTraces({ scope: 'session' });
    run.tell(prompt(), call());
    const [turn, llm, session] = run.close();
    expect(new Set([turn, llm, session].map((each) => each?.traceId)).size).toBe(1);
    expect([turn?.parentId, session?.parentId]).toEqual([session?.spanId, '']);
    expect(turn?.span.flags).toBe(0x101);
  });
});

describe('sampling', () => {
  test('sends nothing of a trace that is not sampled', () => {
    const run = startTraces({ sampleRate: 0 });
    run.tell(prompt(), call(), turnEnd());
    expect(run.take(0, 0).names).toEqual([]);
    expect(run.close()).toEqual([]);
    expect(run.traces.traceIds.size).toBe(0);
  });

  test('sends a trace whole or not at all, and no link to what was not sent', () => {
    const run = startTraces({ sampleRate: 0.5 });
    for (let i = 1; i <= 40; i += 1) {
      run.tell(prompt({ at: i * 1000 }), call({ callId: `c${i}`, endedAt: i * 1000 + 500 }));
    }
    // The session's own trace has to be among them.
    const spans = run.close();
    const traces = new Set(spans.map(({ traceId }) => traceId));
    expect(traces.size).toBeGreaterThan(8);
    expect(traces.size).toBeLessThan(32);
    for (const traceId of traces) {
      const kinds = spans.filter((each) => each.traceId === traceId).map(({ kind }) => kind);
      expect(['AGENT,LLM', 'CHAIN']).toContain(kinds.join());
    }
    const places = new Set(spans.map(({ spanId }) => spanId));
    const links = spans.flatMap((each) => each.links);
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter(({ spanId }) => !places.has(spanId))).toEqual([]);
  });

  test('the traces that were sent are known, oldest first', () => {
    const run = startTraces();
    run.tell(prompt({ at: 1000 }), toolCall(), prompt({ at: 6000 }));
    const spans = run.close();
    expect([...run.traces.traceIds]).toEqual([...new Set(spans.map(({ traceId }) => traceId))]);
    expect([...run.traces.traceIds].every((id) => hex(Buffer.from(id, 'hex')) === id)).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import { LogPlaces } from '../../../../src/pipeline/unified/log-places.ts';
import { type TraceShape, UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { Turns } from '../../../../src/session/turns.ts';
import { codexLog, log } from '../../providers/records.ts';
import { call, decision, failure, prompt, recorded, toolCall, turnEnd } from '../../session/events.ts';
import { plain } from '../plain.ts';

const native = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function start(
  told: readonly AgentEvent[],
  { keepsNative = false, ...shape }: Partial<TraceShape> & { keepsNative?: boolean } = {},
) {
  const recorder = recorded(told);
  const ids = new UnifiedIds({ scope: 'turn', runId: 'run-1', parent: null, sampleRate: 1, ...shape });
  const places = new LogPlaces(recorder, ids, keepsNative);
  return {
    /** Places a log of this time; tells where: `turn index: key`, by the keys that may be meant. */
    place(at: number, events: readonly AgentEvent[], sessionId: string | undefined = 's') {
      for (const event of events) recorder.fold(event);
      const record = log(at, {});
      places.place(record, sessionId, events);
      return { record, where: whereIs(hex(record.traceId), hex(record.spanId)) };
    },
    places,
  };

  function whereIs(traceId: string, spanId: string): string {
    for (const turn of [null, ...new Turns(recorder.session).list]) {
      for (const key of [
        'root',
        'llm|call-1',
        'error|error-1',
        'tool|tool-1',
        'wait||2000',
        'agent|a',
        'compaction|2000',
      ]) {
        const place = ids.of({ turn, key });
        if (hex(place.traceId) === traceId && hex(place.spanId) === spanId)
          return `${turn?.index ?? 0}: ${key}`;
      }
    }
    return 'nowhere';
  }
}

const twoPrompts = [prompt({ at: 1000 }), prompt({ at: 5000 })];

describe('a log is tied to', () => {
  test.each<[string, AgentEvent, string]>([
    ['prompt', prompt({ at: 1000 }), '1: root'],
    ['turn’s end', turnEnd(), '1: root'],
    ['call', call(), '1: llm|call-1'],
    ['failed attempt', failure(), '1: error|error-1'],
    ['decision', decision(), '1: tool|tool-1'],
    ['tool', toolCall(), '1: tool|tool-1'],
    ['wait', { kind: 'approval_wait', sessionId: 's', startedAt: 2000, endedAt: 2500 }, '1: wait||2000'],
    ['sub-agent', { kind: 'subagent', sessionId: 's', agentId: 'a' }, '1: agent|a'],
    [
      'compaction',
      { kind: 'compaction', sessionId: 's', startedAt: 2000, endedAt: 3000 },
      '1: compaction|2000',
    ],
    ['session', { kind: 'session', sessionId: 's', helper: false }, '1: root'],
  ])('the span of the %s that it tells of', (_, event, where) => {
    expect(start(twoPrompts).place(3000, [event]).where).toBe(where);
  });

  test('the span it was written for, when it also tells that a sub-agent is at work', () => {
    const atWork: AgentEvent = { kind: 'subagent', sessionId: 's', agentId: 'a' };
    expect(start(twoPrompts).place(3000, [atWork, call()]).where).toBe('1: llm|call-1');
  });

  test('the turn of its time, when it tells of no span', () => {
    const run = start(twoPrompts);
    expect(run.place(4999, []).where).toBe('1: root');
    expect(run.place(5000, []).where).toBe('2: root');
    expect(run.place(5000, [{ kind: 'cli', version: '1' }]).where).toBe('2: root');
  });

  test('a turn of the current session, when it names none', () => {
    const run = start(twoPrompts);
    const record = log(6000, {});
    run.places.place(record, undefined, []);
    expect(plain(record.attributes)).toEqual({ 'ai_trace.turn.index': 'int 2' });
  });

  test('the session, before any prompt', () => {
    const { where, record } = start(twoPrompts).place(999, []);
    expect(where).toBe('0: root');
    expect(record.attributes).toEqual([]);
    expect(start([]).place(999, [], undefined).where).toBe('0: root');
  });

  test('a turn that was told of by the log itself', () => {
    expect(start([]).place(1000, [prompt({ at: 1000 })]).where).toBe('1: root');
  });

  test('the turn of the tool that started the sub-agent it is of', () => {
    const run = start([
      ...twoPrompts,
      toolCall({ callId: 'starter', endedAt: 2000 }),
      { kind: 'subagent', sessionId: 's', agentId: 'a', startedBy: 'starter' },
    ]);
    expect(run.place(7000, [call({ agentId: 'a', endedAt: 7000 })]).where).toBe('1: llm|call-1');
  });

  test('the turn of the time at which it was seen, where it tells no time of its own', () => {
    const run = start(twoPrompts);
    const record = codexLog(6000, {});
    run.places.place(record, 's', []);
    expect(plain(record.attributes)).toEqual({ 'ai_trace.turn.index': 'int 2' });
  });
});

test('a log tells the turn it is in', () => {
  expect(plain(start(twoPrompts).place(6000, [call()]).record.attributes)).toEqual({
    'ai_trace.turn.index': 'int 2',
  });
});

describe('the CLI’s own ids', () => {
  const placed = (keepsNative: boolean) => {
    const record = log(1000, {}, native);
    start(twoPrompts, { keepsNative }).places.place(record, 's', []);
    expect(hex(record.traceId)).not.toBe(native.traceId);
    return plain(record.attributes);
  };

  test('stand beside ours where its spans are sent', () => {
    expect(placed(true)).toMatchObject({
      'ai_trace.native.trace_id': native.traceId,
      'ai_trace.native.span_id': native.spanId,
    });
  });

  test('are gone where they are not', () => {
    expect(placed(false)).toEqual({ 'ai_trace.turn.index': 'int 1' });
  });

  test('are not made up', () => {
    const { record } = start(twoPrompts, { keepsNative: true }).place(1000, []);
    expect(plain(record.attributes)).toEqual({ 'ai_trace.turn.index': 'int 1' });
  });
});

test.each([
  [1, 1],
  [0, 0],
])('the flags say whether the span is sent: at the rate %d', (sampleRate, flags) => {
  expect(start(twoPrompts, { sampleRate }).place(1000, []).record.flags).toBe(flags);
});

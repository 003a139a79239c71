import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/session/event.ts';
import { Recorder } from '../../../src/session/recorder.ts';
import type { Item } from '../../../src/session/retirement.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { call, failure, listPrice, toolCall } from './events.ts';

const item = (id: string, kind: Item['kind'] = 'llm_call'): Item => ({ kind, id });

/** @param kept for late records */
function recorder(kept: number, ...events: AgentEvent[]): Recorder {
  const made = new Recorder(listPrice, { vendor: 'anthropic' }, kept);
  for (const event of events) made.fold(event);
  return made;
}

describe('a call retires', () => {
  test('when all who looked at it have released it', () => {
    const run = recorder(0, call());
    const [one, other] = [run.hold(), run.hold()];
    one.release(item('call-1'));
    expect([...run.session.llmCalls.keys()]).toEqual(['call-1']);
    const before = totalsOf(run.session);
    other.release(item('call-1'));
    expect(run.session.llmCalls.size).toBe(0);
    expect(totalsOf(run.session)).toEqual(before);
  });

  test('not before so many others were released after it', () => {
    const run = recorder(2, ...['1', '2', '3', '4'].map((callId) => call({ callId })));
    const { release } = run.hold();
    for (const id of ['2', '1', '3']) release(item(id));
    expect([...run.session.llmCalls.keys()]).toEqual(['1', '3', '4']);
  });

  test('and is told again later to no effect', () => {
    const run = recorder(0, call());
    run.hold().release(item('call-1'));
    const before = totalsOf(run.session);
    run.fold(call());
    expect(totalsOf(run.session)).toEqual(before);
    expect(run.session.llmCalls.size).toBe(0);
    expect(run.callOf(call())).toMatchObject({ callId: 'call-1', cost: { usd: 0.11 } });
  });
});

test('what retires leaves its figures in the place where it first was', () => {
  const events = [
    call({ callId: '1', model: 'model-a', durationMs: 500 }),
    call({ callId: '2', model: 'model-b', endedAt: 2100, durationMs: 500 }),
    failure({ errorId: '1', type: 'server', durationMs: 100 }),
    failure({ errorId: '2', type: 'auth', at: 1400, message: 'no' }),
    toolCall({ callId: '1', name: 'read', durationMs: 10 }),
    toolCall({ callId: '2', name: 'exec', nesting: 'container', durationMs: 20, success: false }),
  ];
  const run = recorder(0, ...events);
  const before = totalsOf(run.session);
  const { release } = run.hold();
  for (const kind of ['llm_call', 'llm_error', 'tool_call'] as const) {
    release(item('2', kind));
    expect(totalsOf(run.session)).toEqual(before);
    expect(JSON.stringify(totalsOf(run.session))).toBe(JSON.stringify(before));
    release(item('1', kind));
    expect(totalsOf(run.session)).toEqual(before);
  }
  expect(run.session).toMatchObject({ llmCalls: new Map(), errors: new Map(), tools: new Map() });
});

test('a tool that started a sub-agent stays: what is done in there belongs where it is', () => {
  const run = recorder(
    0,
    toolCall(),
    { kind: 'subagent', sessionId: 's', agentId: 'a', startedBy: 'tool-1' },
    toolCall({ callId: 'tool-2' }),
  );
  const { release } = run.hold();
  for (const id of ['tool-1', 'tool-2']) release(item(id, 'tool_call'));
  expect([...run.session.tools.keys()]).toEqual(['tool-1']);
});

test('who begins to look sees what is there and what comes, each once', () => {
  const run = recorder(0, call({ callId: '1' }));
  const { news } = run.hold();
  expect([...news.llm_call.take()]).toEqual(['1']);
  run.fold(call({ callId: '2' }));
  run.fold(call({ callId: '1', hiddenRetries: 1 }));
  expect([...news.llm_call.take()]).toEqual(['2']);
  expect([...news.llm_call.take(), ...news.tool_call.take()]).toEqual([]);
});

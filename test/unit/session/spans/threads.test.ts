import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { Threads } from '../../../../src/session/spans/threads.ts';
import { call, decision, recorded, toolCall } from '../events.ts';

/** A call that was under way from then to then. */
function callAt(callId: string, [startedAt, endedAt]: [number, number], change = {}) {
  return call({ callId, endedAt, durationMs: endedAt - startedAt, ...change });
}

/** A tool that ran from then to then. */
function toolAt(callId: string, [startedAt, endedAt]: [number, number], change = {}) {
  return toolCall({ callId, endedAt, durationMs: endedAt - startedAt, ...change });
}

/** Who asked for each tool and who read what came of it: `asker → reader`, by the tool's `callId`. */
function between(events: readonly AgentEvent[]): Record<string, string> {
  const { session } = recorded(events);
  const threads = new Threads([...session.llmCalls.values()], session.waits);
  const told = [...session.tools.values()].map((tool) => {
    const [asker, reader] = [threads.askerOf(tool), threads.readerOf(tool)?.callId];
    return [tool.callId, `${asker ?? 'nobody'} → ${reader ?? 'nobody'}`];
  });
  return Object.fromEntries(told);
}

describe('a tool was asked for by the call before it and read by the call after it', () => {
  const [first, second] = [callAt('one', [1000, 2000]), callAt('two', [3000, 4000])];

  test('in whichever order their records came', () => {
    const tool = toolAt('t', [2100, 2500]);
    expect(between([first, tool, second])).toEqual({ t: 'one → two' });
    expect(between([second, tool, first])).toEqual({ t: 'one → two' });
  });

  test('several of them at once', () => {
    const tools = [toolAt('t', [2100, 2500]), toolAt('u', [2101, 2900]), toolAt('v', [2050, 2060])];
    expect(between([first, second, ...tools])).toEqual({ t: 'one → two', u: 'one → two', v: 'one → two' });
  });

  test('when it began while the answer was still being streamed', () => {
    expect(between([first, second, toolAt('t', [1800, 2500])])).toEqual({ t: 'one → two' });
  });

  test('when it was over before the answer was', () => {
    expect(between([first, second, toolAt('t', [1800, 1810])])).toEqual({ t: 'one → two' });
  });

  test('when the answer was read so soon that the clocks are not sure of it', () => {
    expect(between([first, second, toolAt('t', [2100, 3015])])).toEqual({ t: 'one → two' });
  });

  test('when a short call asked for a short tool', () => {
    const quick = callAt('one', [2985, 2990]);
    expect(between([quick, second, toolAt('t', [2991, 2992])])).toEqual({ t: 'one → two' });
  });

  test('when it waited for approval while another call was made', () => {
    const events = [
      first,
      callAt('between', [2500, 2600]),
      callAt('last', [4000, 5000]),
      decision({ callId: 't', byPerson: true, at: 3000 }),
      toolAt('t', [3000, 3100], { totalMs: 1000 }),
    ];
    expect(between(events)).toEqual({ t: 'one → last' });
  });

  test('when it was refused', () => {
    const refused = decision({ callId: 't', accepted: false, byPerson: true, at: 2500 });
    expect(between([first, second, refused])).toEqual({ t: 'one → two' });
  });

  test('but what a record tells goes before the order', () => {
    const told = toolAt('t', [4100, 4200], { askedBy: 'one' });
    const third = callAt('three', [5000, 6000]);
    expect(between([first, second, third, told])).toEqual({ t: 'one → three' });
  });
});

describe('nobody', () => {
  const [first, second] = [callAt('one', [1000, 2000]), callAt('two', [3000, 4000])];

  test('asked for what ran before any call', () => {
    expect(between([first, toolAt('t', [500, 600])])).toEqual({ t: 'nobody → one' });
  });

  test('read a tool that no call followed', () => {
    expect(between([first, toolAt('t', [2100, 2500])])).toEqual({ t: 'one → nobody' });
  });

  test('read a tool that has not ended', () => {
    expect(between([first, second, decision({ callId: 't', at: 2500 })])).toEqual({ t: 'one → nobody' });
  });

  test('asked for or read a tool that other code made: that is for the code around it', () => {
    const outer = toolAt('outer', [2100, 2900], { nesting: 'container' });
    const inner = toolAt('inner', [2200, 2300], { nesting: 'nested' });
    expect(between([first, second, outer, inner])).toEqual({
      outer: 'one → two',
      inner: 'nobody → nobody',
    });
  });

  test('of the hidden helpers asks for tools or reads them', () => {
    const title = callAt('title', [2050, 2090], { role: 'utility' });
    const summary = callAt('summary', [2600, 2700], { role: 'utility' });
    expect(between([first, title, toolAt('t', [2100, 2500]), summary, second])).toEqual({ t: 'one → two' });
  });
});

test('each conversation is for itself: that of a person, that of a sub-agent, that of another session', () => {
  const events = [
    callAt('main', [1000, 1500]),
    callAt('sub', [1600, 2000], { agentId: 'a', role: 'subagent' }),
    callAt('other', [1700, 2050], { sessionId: 'o' }),
    toolAt('t', [2100, 2200]),
    toolAt('t of sub', [2100, 2200], { agentId: 'a' }),
    toolAt('t of other', [2100, 2200], { sessionId: 'o' }),
    callAt('sub 2', [2300, 2400], { agentId: 'a', role: 'subagent' }),
    callAt('other 2', [2310, 2400], { sessionId: 'o' }),
    callAt('main 2', [2500, 2600]),
  ];
  expect(between(events)).toEqual({
    t: 'main → main 2',
    't of sub': 'sub → sub 2',
    't of other': 'other → other 2',
  });
});

describe('the call after', () => {
  const next = (events: readonly AgentEvent[], endedAt: number) => {
    const { llmCalls, waits } = recorded(events).session;
    return new Threads([...llmCalls.values()], waits).after({ sessionId: 's' }, endedAt)?.callId;
  };

  test('is the first that began then or later', () => {
    const events = [callAt('one', [1000, 2000]), callAt('two', [3000, 4000]), callAt('three', [5000, 6000])];
    expect(next(events, 500)).toBe('one');
    expect(next(events, 2000)).toBe('two');
    expect(next(events, 3000)).toBe('two');
    expect(next(events, 3500)).toBe('three');
    expect(next(events, 6100)).toBeUndefined();
  });

  test('does not exist without calls', () => {
    expect(next([], 1)).toBeUndefined();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentEvent, Origin, SubagentEvent } from '../../../src/session/event.ts';
import { Turns } from '../../../src/session/turns.ts';
import { decision, prompt, recorded, toolCall, turnEnd } from './events.ts';

/** Index of the turn that something of this origin belongs to, which ended then. */
function turnAt(events: readonly AgentEvent[], origin: Partial<Origin>, at: number): number | null {
  const turns = new Turns(recorded(events).session);
  return turns.of({ sessionId: 's', ...origin }, at)?.index ?? null;
}

function agent(change: Partial<SubagentEvent> = {}): SubagentEvent {
  return { kind: 'subagent', sessionId: 's', agentId: 'a', startedBy: 'tool-1', ...change };
}

/** Two prompts, at 1000 and at 5000. */
const twoPrompts = (first: Partial<Origin> = {}, second: Partial<Origin> = {}) => [
  prompt({ at: 1000, ...first }),
  prompt({ at: 5000, ...second }),
];

describe('the turns of a session', () => {
  test('stand in order of time, whichever prompt was told of first', () => {
    const { session } = recorded([prompt({ at: 5000, text: 'b' }), prompt({ at: 1000, text: 'a' })]);
    expect(new Turns(session).list.map(({ index, prompt: { text } }) => [index, text])).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
  });

  test('are those of persons and those the CLI makes for itself, not those of hidden threads', () => {
    const { session } = recorded([
      prompt({ at: 1000 }),
      prompt({ at: 2000, author: 'synthetic' }),
      prompt({ at: 3000, author: 'helper' }),
    ]);
    expect(new Turns(session).list.map((turn) => turn.prompt.author)).toEqual(['person', 'synthetic']);
  });

  test('keep their keys when more of them become known', () => {
    const late = recorded([prompt({ at: 5000, turnKey: 'two' })]);
    const [alone] = new Turns(late.session).list;
    late.fold(prompt({ at: 1000, turnKey: 'one' }));
    late.fold(turnEnd({ startedAt: 5000, endedAt: 6000 }));
    const [first, second] = new Turns(late.session).list;
    expect(second?.key).toBe(alone?.key);
    expect(first?.key).not.toBe(alone?.key);
  });

  test('of two sessions at one moment have two keys', () => {
    const { session } = recorded([prompt({ sessionId: 'a' }), prompt({ sessionId: 'b' })]);
    const [a, b] = new Turns(session).list;
    expect(a?.key).not.toBe(b?.key);
  });

  test('end where their own session tells that one around the prompt is over', () => {
    const end = turnEnd({ startedAt: 900, endedAt: 4000 });
    const { session } = recorded([
      ...twoPrompts(),
      turnEnd({ sessionId: 'other', startedAt: 900, endedAt: 6000 }),
      end,
    ]);
    expect(new Turns(session).list.map((turn) => turn.end)).toEqual([end, null]);
  });

  test('stay the same objects when there is another prompt or another end', () => {
    const recorder = recorded([prompt()]);
    const { turns } = recorder;
    const [first] = turns.list;
    recorder.fold(turnEnd());
    recorder.fold(prompt({ at: 9000 }));
    expect(turns.list).toHaveLength(2);
    expect(turns.list[0]).toBe(first);
    expect(first?.end).toEqual(turnEnd());
  });

  test('are numbered anew when an older one is told of late', () => {
    const recorder = recorded([prompt({ at: 5000 }), prompt({ at: 9000 })]);
    const { turns } = recorder;
    const [five, nine] = turns.list;
    recorder.fold(prompt({ at: 1000 }));
    expect(turns.list.map(({ index, prompt: { at } }) => [index, at])).toEqual([
      [1, 1000],
      [2, 5000],
      [3, 9000],
    ]);
    expect([five?.index, nine?.index]).toEqual([2, 3]);
    expect(turns.told.map(({ prompt: { at } }) => at)).toEqual([5000, 9000, 1000]);
  });

  test('are the same however they come to be known', () => {
    const time = fc.nat(40);
    const told = fc.array(
      fc.oneof(
        fc.record({ at: time, sessionId: fc.constantFrom('a', 'b') }).map((each) => prompt(each)),
        fc
          .record({ startedAt: time, lasts: fc.nat(9), sessionId: fc.constantFrom('a', 'b') })
          .map(({ lasts, ...each }) => turnEnd({ ...each, endedAt: each.startedAt + lasts })),
      ),
    );
    fc.assert(
      fc.property(told, (events) => {
        const one = recorded([]);
        for (const event of events) {
          one.fold(event);
          expect(one.turns.list).toBeDefined();
        }
        expect(one.turns.list).toEqual(new Turns(recorded(events).session).list);
      }),
    );
  });
});

describe('something belongs to', () => {
  test('the turn with its key, whenever it was', () => {
    const events = twoPrompts({ turnKey: 'one' }, { turnKey: 'two' });
    expect(turnAt(events, { turnKey: 'one' }, 7000)).toBe(1);
    expect(turnAt(events, { turnKey: 'two' }, 2000)).toBe(2);
  });

  test('the last one with its key that had begun, when several have it', () => {
    const events = [...twoPrompts({ turnKey: 'one' }, { turnKey: 'one' }), prompt({ at: 9000 })];
    expect(turnAt(events, { turnKey: 'one' }, 2000)).toBe(1);
    expect(turnAt(events, { turnKey: 'one' }, 9500)).toBe(2);
  });

  test('the turn in its native trace', () => {
    const events = twoPrompts({ traceId: 'aa' }, { traceId: 'bb' });
    expect(turnAt(events, { traceId: 'aa' }, 7000)).toBe(1);
    expect(turnAt(events, { traceId: 'bb' }, 2000)).toBe(2);
  });

  test('the turn of its time, when a TRACEPARENT put all turns in one trace', () => {
    const events = twoPrompts({ traceId: 'aa' }, { traceId: 'aa' });
    expect(turnAt(events, { traceId: 'aa' }, 2000)).toBe(1);
    expect(turnAt(events, { traceId: 'aa' }, 7000)).toBe(2);
  });

  test('the turn of its time, when nothing is known of its key or trace', () => {
    const events = twoPrompts({ turnKey: 'one', traceId: 'aa' }, { turnKey: 'two', traceId: 'bb' });
    expect(turnAt(events, {}, 4999)).toBe(1);
    expect(turnAt(events, {}, 5000)).toBe(2);
    expect(turnAt(events, { turnKey: 'unheard of', traceId: 'cc' }, 5000)).toBe(2);
  });

  test('none, before any prompt', () => {
    expect(turnAt([], {}, 1000)).toBeNull();
    expect(turnAt(twoPrompts(), {}, 999)).toBeNull();
  });

  test('a turn of its own session, though another session had a later prompt', () => {
    const events = [...twoPrompts(), prompt({ sessionId: 'other', at: 6000 })];
    expect(turnAt(events, {}, 7000)).toBe(2);
    expect(turnAt(events, { sessionId: 'other' }, 5500)).toBeNull();
  });

  test('the turn of its time in any session, when it is of a hidden thread', () => {
    const events: AgentEvent[] = [
      ...twoPrompts(),
      { kind: 'session', sessionId: 'title', helper: true },
      prompt({ sessionId: 'title', author: 'helper', at: 2000 }),
    ];
    expect(turnAt(events, { sessionId: 'title' }, 2500)).toBe(1);
    expect(turnAt(events, { sessionId: 'title' }, 6000)).toBe(2);
  });
});

describe('what a sub-agent does belongs to', () => {
  const started = [...twoPrompts(), decision({ at: 3000 }), toolCall({ endedAt: 3100 })];

  test('the turn of the tool call that started it, however late', () => {
    expect(turnAt([...started, agent()], { agentId: 'a' }, 9000)).toBe(1);
  });

  test('the turn in which the outermost of several was started', () => {
    const nested = [
      ...started,
      agent(),
      toolCall({ callId: 'tool-2', agentId: 'a', endedAt: 6000 }),
      agent({ agentId: 'b', startedBy: 'tool-2' }),
    ];
    expect(turnAt(nested, { agentId: 'b' }, 9000)).toBe(1);
  });

  test('the turn of its time, as long as it is not known what started it', () => {
    expect(turnAt([...started, agent({ startedBy: 'tool-9' })], { agentId: 'a' }, 9000)).toBe(2);
    expect(turnAt(started, { agentId: 'a' }, 9000)).toBe(2);
  });

  test('some turn, when two agents are said to have started each other', () => {
    const circle = [
      ...twoPrompts(),
      toolCall({ callId: 'tool-1', agentId: 'b', endedAt: 3000 }),
      toolCall({ callId: 'tool-2', agentId: 'a', endedAt: 3000 }),
      agent({ agentId: 'a', startedBy: 'tool-1' }),
      agent({ agentId: 'b', startedBy: 'tool-2' }),
    ];
    expect(turnAt(circle, { agentId: 'a' }, 9000)).toBe(1);
  });
});

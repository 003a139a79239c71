import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { OpenItems } from '../../../../src/session/spans/open-items.ts';
import { spanTree } from '../../../../src/session/spans/tree.ts';
import { call, decision, failure, prompt, recorded, turnEnd } from '../events.ts';
import { agent, callAt, finalIn, toolAt, treeOf } from './trees.ts';

describe('a span may leave', () => {
  test('a call, when the next one has begun: then all its tools are known', () => {
    const first = callAt('one', [1100, 2000]);
    expect(finalIn([prompt(), first])).toEqual([]);
    expect(finalIn([prompt(), first, toolAt('t', [2100, 2500])])).toEqual([]);
    expect(finalIn([prompt(), first, callAt('two', [2600, 3000])])).toEqual(['llm|one']);
  });

  test.each([
    ['of unknown time', {}],
    ['that took no time to speak of', { durationMs: 5 }],
  ])('a call %s, when the next one has begun', (_, change) => {
    const first = call({ callId: 'one', endedAt: 2000, ...change });
    expect(finalIn([prompt(), first])).toEqual([]);
    expect(finalIn([prompt(), first, callAt('two', [2600, 3000])])).toEqual(['llm|one']);
  });

  test('a call, when its turn is over', () => {
    expect(finalIn([prompt(), callAt('one', [1100, 2000]), turnEnd()])).toEqual(['llm|one', 'root']);
  });

  test('a helper’s call and a failed attempt, at once', () => {
    const helper = callAt('title', [1100, 2000], { role: 'utility' });
    expect(finalIn([prompt(), helper, failure({ errorId: 'e' })])).toEqual(['error|e', 'llm|title']);
  });

  test('a tool with its wait, when a call has read what came of it', () => {
    const tool: AgentEvent[] = [
      prompt(),
      callAt('one', [1100, 2000]),
      decision({ callId: 't', byPerson: true, at: 2500 }),
      toolAt('t', [2500, 2600], { totalMs: 600 }),
    ];
    expect(finalIn(tool)).toEqual([]);
    expect(finalIn([...tool, callAt('two', [2700, 3000])])).toEqual(['llm|one', 'tool|t', 'wait|t|2000']);
  });

  test('a nested tool, when the tool around it has ended', () => {
    const inner = toolAt('inner', [2100, 2200], { nesting: 'nested' });
    expect(finalIn([prompt(), inner])).toEqual([]);
    expect(finalIn([prompt(), inner, toolAt('outer', [2000, 3000], { nesting: 'container' })])).toEqual([
      'tool|inner',
    ]);
  });

  test('a tool that runs, not before its turn is over', () => {
    const running = [prompt(), callAt('one', [1100, 2000]), decision({ callId: 't', at: 2100 })];
    expect(finalIn([...running, callAt('two', [2700, 3000])])).toEqual(['llm|one']);
    expect(finalIn([...running, turnEnd()])).toEqual(['llm|one', 'root', 'tool|t']);
  });

  test('a wait of no known tool, when its turn is over', () => {
    const wait: AgentEvent = { kind: 'approval_wait', sessionId: 's', startedAt: 2000, endedAt: 2100 };
    expect(finalIn([prompt(), wait])).toEqual([]);
    expect(finalIn([prompt(), wait, turnEnd()])).toEqual(['root', 'wait||2000']);
  });

  test('a turn, when it is over or another one of its session has begun', () => {
    const turns = (events: readonly AgentEvent[]) =>
      spanTree(new OpenItems(recorded(events)).all(), null).flatMap(({ isFinal, turn }) =>
        isFinal ? [turn?.index] : [],
      );
    expect(turns([prompt()])).toEqual([]);
    expect(turns([prompt(), prompt({ sessionId: 'other', at: 9000 })])).toEqual([]);
    expect(turns([prompt(), prompt({ at: 9000 })])).toEqual([1]);
    expect(turns([prompt(), turnEnd()])).toEqual([1]);
  });

  test('everything, when the CLI has ended', () => {
    const events: AgentEvent[] = [
      prompt(),
      callAt('one', [1100, 2000]),
      decision({ callId: 't', at: 2100 }),
      { kind: 'approval_wait', sessionId: 's', startedAt: 2000, endedAt: 2100 },
      callAt('sub', [2200, 2500], { agentId: 'a' }),
    ];
    expect(finalIn(events, 9000)).toEqual([...treeOf(events).keys()].sort());
  });
});

/** Closes the spans with these keys, all of which there must be. */
function close(open: OpenItems, ...keys: string[]): void {
  const nodes = spanTree(open.all(), null).filter(({ key }) => keys.includes(key));
  expect(nodes.map(({ key }) => key).sort()).toEqual(keys.sort());
  for (const { subject } of nodes) open.close(subject);
}

describe('what is closed', () => {
  const calls = [prompt(), callAt('one', [1100, 2000]), callAt('two', [2100, 3000])];

  test('is not looked at again', () => {
    const open = new OpenItems(recorded(calls));
    close(open, 'root', 'llm|one');
    expect(spanTree(open.all(), null).map(({ key }) => key)).toEqual(['llm|two']);
  });

  test('stays so, whatever is told of it later', () => {
    const recorder = recorded(calls);
    const open = new OpenItems(recorder);
    close(open, 'root', 'llm|one', 'llm|two');
    for (const event of [...calls, turnEnd()]) recorder.fold(event);
    expect(spanTree(open.all(), null)).toEqual([]);
  });

  test('may be a tool of which a wait is told later', () => {
    const recorder = recorded([prompt(), toolAt('t', [3000, 3500])]);
    const open = new OpenItems(recorder);
    close(open, 'root', 'tool|t');
    recorder.fold({ kind: 'approval_wait', sessionId: 's', callId: 't', startedAt: 2000, endedAt: 3000 });
    const [wait] = spanTree(open.all(), null);
    expect(wait).toMatchObject({ key: 'wait|t|2000', parent: 'tool|t', isFinal: true });
    expect(wait?.turn?.index).toBe(1);
    expect(wait?.subject).toMatchObject({ tool: { callId: 't' } });
  });

  test('may be a sub-agent of which more is told later', () => {
    const recorder = recorded([prompt(), callAt('sub', [1100, 2000], { agentId: 'a' })]);
    const open = new OpenItems(recorder);
    close(open, 'agent|a');
    recorder.fold(agent({ startedBy: 't' }));
    expect(spanTree(open.all(), null).map(({ key }) => key)).toEqual(['root', 'llm|sub']);
  });

  test('leaves the rest of a long session as little to look at as a short one', () => {
    const recorder = recorded([]);
    const open = new OpenItems(recorder);
    const sizes = new Set<number>();
    for (let at = 0; at < 200; at += 10) {
      const callId = `call at ${at}`;
      recorder.fold(prompt({ at }));
      recorder.fold(call({ callId, endedAt: at + 5 }));
      recorder.fold(turnEnd({ startedAt: at, endedAt: at + 5 }));
      sizes.add(spanTree(open.all(), null).length);
      close(open, 'root', `llm|${callId}`);
    }
    expect([...sizes]).toEqual([2]);
  });
});

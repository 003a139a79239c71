import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { doneKey } from '../../../../src/session/spans/span.ts';
import { spanTree } from '../../../../src/session/spans/tree.ts';
import { call, decision, failure, prompt, recorded, turnEnd } from '../events.ts';
import { callAt, finalIn, toolAt, treeOf } from './trees.ts';

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
      spanTree(recorded(events).session, null).flatMap(({ isFinal, turn }) => (isFinal ? [turn?.index] : []));
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

test('a wait that is told of late is that of its tool, though the tool is done', () => {
  const { session } = recorded([
    prompt(),
    toolAt('t', [3000, 3500]),
    { kind: 'approval_wait', sessionId: 's', callId: 't', startedAt: 2000, endedAt: 3000 },
  ]);
  const [wait] = spanTree(session, null, new Set(['tool|t', 'root|turn|s||1000']));
  expect(wait).toMatchObject({ key: 'wait|t|2000', parent: 'tool|t', isFinal: true });
  expect(wait?.turn?.index).toBe(1);
  expect(wait?.subject).toMatchObject({ tool: { callId: 't' } });
});

test('what is done is not looked at again', () => {
  const { session } = recorded([prompt(), callAt('one', [1100, 2000]), callAt('two', [2100, 3000])]);
  const [root, one] = spanTree(session, null);
  if (!root || !one) throw new Error('no spans');
  const left = spanTree(session, null, new Set([doneKey(root), doneKey(one)]));
  expect(left.map(({ key }) => key)).toEqual(['llm|two']);
});

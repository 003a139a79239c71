import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { OpenItems } from '../../../../src/session/spans/open-items.ts';
import { spanTree } from '../../../../src/session/spans/tree.ts';
import { decision, failure, prompt, recorded, turnEnd } from '../events.ts';
import { agent, callAt, compaction, parentsIn, toolAt, treeOf } from './trees.ts';

describe('the parent', () => {
  test('of calls, failures, tools and compactions is their turn', () => {
    const events = [
      prompt(),
      callAt('c', [1100, 2000]),
      failure({ errorId: 'e', at: 1050 }),
      toolAt('t', [2100, 2500]),
      compaction({ startedAt: 2600, endedAt: 2700 }),
    ];
    expect(parentsIn(treeOf(events))).toEqual({
      root: null,
      'llm|c': 'root',
      'error|e': 'root',
      'tool|t': 'root',
      'compaction|2600': 'root',
    });
  });

  test('of what came before any prompt is the session', () => {
    const node = treeOf([callAt('c', [100, 200])]).get('llm|c');
    expect(node).toMatchObject({ turn: null, parent: 'root' });
  });

  test('of a wait is the tool that waited, or the turn when nothing is known of the tool', () => {
    const events: AgentEvent[] = [
      prompt(),
      toolAt('t', [3000, 3500]),
      { kind: 'approval_wait', sessionId: 's', callId: 't', startedAt: 2000, endedAt: 3000 },
      { kind: 'approval_wait', sessionId: 's', callId: 'u', startedAt: 2100, endedAt: 3000 },
      { kind: 'approval_wait', sessionId: 's', startedAt: 2200, endedAt: 3000 },
    ];
    const tree = treeOf(events);
    expect(parentsIn(tree)).toMatchObject({
      'wait|t|2000': 'tool|t',
      'wait|u|2100': 'root',
      'wait||2200': 'root',
    });
    expect(tree.get('wait|t|2000')).toMatchObject({ startedAt: 2000, endedAt: 3000 });
    expect(tree.get('wait||2200')?.turn?.index).toBe(1);
  });

  test('of a nested tool is the tool whose code called it', () => {
    const events = [
      prompt(),
      toolAt('outer', [2000, 3000], { nesting: 'container' }),
      toolAt('inner', [2100, 2200], { nesting: 'nested' }),
      toolAt('next', [3100, 4000], { nesting: 'container' }),
      toolAt('inner of next', [3200, 3300], { nesting: 'nested' }),
      toolAt('stray', [5000, 5100], { nesting: 'nested' }),
      toolAt('early', [1500, 1600], { nesting: 'nested' }),
    ];
    const tree = treeOf(events);
    expect(parentsIn(tree)).toMatchObject({
      'tool|outer': 'root',
      'tool|inner': 'tool|outer',
      'tool|inner of next': 'tool|next',
      'tool|stray': 'root',
      'tool|early': 'root',
    });
    expect(tree.get('tool|inner')?.subject).toMatchObject({ parentCallId: 'outer' });
    expect(tree.get('tool|stray')?.subject).toMatchObject({ parentCallId: null });
  });

  test('of a summary’s call is the compaction around it, of no other call', () => {
    const events = [
      prompt(),
      callAt('summary', [2100, 2900], { role: 'utility' }),
      callAt('title', [1500, 1600], { role: 'utility' }),
      callAt('answer', [2200, 2300]),
      compaction(),
    ];
    expect(parentsIn(treeOf(events))).toMatchObject({
      'llm|summary': 'compaction|2000',
      'llm|title': 'root',
      'llm|answer': 'root',
    });
  });
});

describe('a turn', () => {
  test('lasts as the CLI tells, but no shorter than what began in it', () => {
    const events = [prompt({ at: 1000 }), callAt('one', [900, 2000]), turnEnd({ startedAt: 950 })];
    expect(treeOf(events).get('root')).toMatchObject({ startedAt: 900, endedAt: 5000 });
  });

  test('lasts until the last thing done in it, where the CLI does not tell', () => {
    const events = [prompt({ at: 1000 }), callAt('one', [1100, 2000]), toolAt('t', [2000, 3000])];
    expect(treeOf(events).get('root')).toMatchObject({ startedAt: 1000, endedAt: 3000 });
    expect(treeOf([prompt({ at: 1000 })]).get('root')).toMatchObject({ startedAt: 1000, endedAt: 1000 });
  });

  test('knows the calls, failures and waits in it, those of sub-agents too', () => {
    const events: AgentEvent[] = [
      prompt(),
      callAt('one', [1100, 2000]),
      toolAt('t', [2100, 2400]),
      agent({ startedBy: 't' }),
      callAt('sub', [2200, 2300], { agentId: 'a', role: 'subagent' }),
      failure({ errorId: 'e' }),
      { kind: 'approval_wait', sessionId: 's', startedAt: 2000, endedAt: 2100 },
      prompt({ at: 8000 }),
      callAt('of the next', [8100, 8200]),
    ];
    const subject = spanTree(new OpenItems(recorded(events)).all(), null)[0]?.subject;
    if (subject?.kind !== 'turn') throw new Error('no turn');
    expect(subject.calls.map(({ callId }) => callId)).toEqual(['one', 'sub']);
    expect(subject.errors.map(({ errorId }) => errorId)).toEqual(['e']);
    expect(subject.waits).toHaveLength(1);
  });
});

describe('what was broken off', () => {
  const begun = [prompt(), callAt('one', [1100, 2000]), decision({ callId: 't', at: 2100 })];

  test('ends with its turn', () => {
    const tree = treeOf([...begun, turnEnd({ endedAt: 5000 })], 9000);
    expect(tree.get('tool|t')).toMatchObject({ cutOff: true, startedAt: 2100, endedAt: 5000 });
    expect(tree.get('root')).toMatchObject({ cutOff: false, endedAt: 5000 });
  });

  test('ends with the CLI, and so does its turn', () => {
    const tree = treeOf(begun, 9000);
    expect(tree.get('tool|t')).toMatchObject({ cutOff: true, startedAt: 2100, endedAt: 9000 });
    expect(tree.get('root')).toMatchObject({ cutOff: true, endedAt: 9000 });
  });

  test('is not what was refused: that ends where it was decided', () => {
    const refused = [prompt(), decision({ callId: 't', accepted: false, byPerson: true, at: 2100 })];
    expect(treeOf(refused, 9000).get('tool|t')).toMatchObject({
      cutOff: false,
      startedAt: 2100,
      endedAt: 2100,
    });
  });
});

describe('links lead', () => {
  const events = [
    prompt(),
    callAt('one', [1100, 2000]),
    toolAt('t', [1900, 2500]),
    toolAt('u', [2000, 2600]),
    callAt('two', [2700, 3000]),
  ];
  const links = (key: string) =>
    treeOf(events)
      .get(key)
      ?.links.map((link) => link.key);

  test('from a call to the tools it asked for', () => {
    expect(links('llm|one')).toEqual(['tool|t', 'tool|u']);
    expect(links('llm|two')).toEqual([]);
  });

  test('from a tool to the call that read what came of it', () => {
    expect(links('tool|t')).toEqual(['llm|two']);
    expect(links('tool|u')).toEqual(['llm|two']);
  });
});

test('what is in another turn than the span around it is below its own turn', () => {
  const events = [
    prompt({ at: 1000 }),
    toolAt('outer', [2000, 4000], { nesting: 'container' }),
    toolAt('inner', [2100, 2200], { nesting: 'nested' }),
    toolAt('later', [3100, 3200], { nesting: 'nested' }),
    compaction({ startedAt: 2000, endedAt: 4000 }),
    callAt('summary', [2100, 2900], { role: 'utility' }),
    prompt({ at: 3000 }),
  ];
  const tree = treeOf(events, 9000);
  const placed = [...tree].flatMap(([key, { turn, parent }]) =>
    parent === null ? [] : [[key, turn?.index, parent]],
  );
  expect(placed).toEqual([
    ['llm|summary', 1, 'root'],
    ['tool|outer', 2, 'root'],
    ['tool|inner', 1, 'root'],
    ['tool|later', 2, 'tool|outer'],
    ['compaction|2000', 2, 'root'],
  ]);
});

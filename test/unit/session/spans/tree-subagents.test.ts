import { describe, expect, test } from 'vitest';
import { prompt, turnEnd } from '../events.ts';
import { agent, callAt, finalIn, parentsIn, toolAt, treeOf } from './trees.ts';

describe('a sub-agent', () => {
  const started = [prompt(), callAt('c', [1100, 2000]), toolAt('t', [2100, 4000])];
  const inside = [
    callAt('c of a', [2200, 2500], { agentId: 'a', role: 'subagent' }),
    toolAt('t of a', [2600, 2700], { agentId: 'a' }),
  ];

  test('is below the tool that started it, and what it does below it', () => {
    expect(parentsIn(treeOf([...started, ...inside, agent({ startedBy: 't' })]))).toMatchObject({
      'tool|t': 'root',
      'agent|a': 'tool|t',
      'llm|c of a': 'agent|a',
      'tool|t of a': 'agent|a',
    });
  });

  test('is below the sub-agent that started it', () => {
    const events = [
      ...started,
      ...inside,
      agent({ startedBy: 't' }),
      agent({ agentId: 'b', startedBy: 't of a' }),
      callAt('c of b', [2610, 2650], { agentId: 'b', role: 'subagent' }),
    ];
    const tree = treeOf(events);
    expect(parentsIn(tree)).toMatchObject({ 'agent|b': 'tool|t of a', 'llm|c of b': 'agent|b' });
    expect([...tree.values()].map(({ turn }) => turn?.index)).toEqual([...tree].map(() => 1));
  });

  test('is below its turn until it is known what started it, and nothing of it leaves before', () => {
    const alone = [...started, ...inside, turnEnd()];
    expect(parentsIn(treeOf(alone))).toMatchObject({ 'agent|a': 'root', 'llm|c of a': 'agent|a' });
    expect(finalIn(alone)).toEqual(['llm|c', 'root', 'tool|t']);
    expect(finalIn([...alone, agent({ startedBy: 't' })])).toEqual([
      'agent|a',
      'llm|c',
      'llm|c of a',
      'root',
      'tool|t',
      'tool|t of a',
    ]);
    expect(finalIn(alone, 9000)).toContain('agent|a');
  });

  test('does not leave before it is known what started the one that started it', () => {
    const inner = [
      toolAt('t of a', [2600, 2700], { agentId: 'a' }),
      agent({ agentId: 'b', startedBy: 't of a' }),
      callAt('c of b', [2610, 2650], { agentId: 'b', role: 'subagent' }),
      turnEnd(),
    ];
    expect(finalIn([...started, ...inner])).toEqual(['llm|c', 'root', 'tool|t']);
    expect(finalIn([...started, ...inner, agent({ startedBy: 't' })])).toEqual([
      'agent|a',
      'agent|b',
      'llm|c',
      'llm|c of b',
      'root',
      'tool|t',
      'tool|t of a',
    ]);
  });

  test('goes on as long as the one in the background that started it', () => {
    const inner = [
      toolAt('t of a', [2600, 2700], { agentId: 'a' }),
      agent({ agentId: 'b', startedBy: 't of a' }),
      callAt('c of b', [2610, 2650], { agentId: 'b', role: 'subagent' }),
      agent({ startedBy: 't', isAsync: true }),
      turnEnd(),
    ];
    expect(finalIn([...started, ...inner])).toEqual(['llm|c', 'root', 'tool|t']);
    expect(finalIn([...started, ...inner, agent({ agentId: 'b', endedAt: 7000 })])).toEqual([
      'agent|b',
      'llm|c',
      'llm|c of b',
      'root',
      'tool|t',
    ]);
  });

  test('that started itself, as nobody can, ends in no circle', () => {
    const circle = [
      prompt(),
      toolAt('x', [2600, 2700], { agentId: 'b' }),
      toolAt('y', [2600, 2700], { agentId: 'a' }),
      agent({ agentId: 'a', startedBy: 'x' }),
      agent({ agentId: 'b', startedBy: 'y' }),
      turnEnd(),
    ];
    expect([...treeOf(circle, 9000).keys()].sort()).toEqual([
      'agent|a',
      'agent|b',
      'root',
      'tool|x',
      'tool|y',
    ]);
  });

  test('lasts from the first to the last thing it does, where no record tells', () => {
    const node = treeOf([...started, ...inside, agent({ startedBy: 't' })]).get('agent|a');
    expect(node).toMatchObject({ startedAt: 2200, endedAt: 2700 });
  });

  test('lasts as its records tell', () => {
    const told = agent({ startedBy: 't', startedAt: 2150, endedAt: 2800 });
    expect(treeOf([...started, ...inside, told]).get('agent|a')).toMatchObject({
      startedAt: 2150,
      endedAt: 2800,
    });
  });

  test('that did nothing yet begins where it was started', () => {
    expect(treeOf([...started, agent({ startedBy: 't' })]).get('agent|a')).toMatchObject({
      startedAt: 4000,
      endedAt: 4000,
    });
  });

  test('in the background goes on when the turn is over', () => {
    const events = [...started, ...inside, agent({ startedBy: 't', isAsync: true }), turnEnd()];
    expect(finalIn(events)).toEqual(['llm|c', 'root', 'tool|t']);
    const ended = agent({ startedBy: 't', isAsync: true, endedAt: 6000 });
    expect(finalIn([...events, ended])).toContain('tool|t of a');
    expect(treeOf(events, 9000).get('agent|a')).toMatchObject({ cutOff: true, isFinal: true });
  });

  test('whose start no record tells has only that below it which was done in its turn', () => {
    const events = [
      prompt({ at: 1000 }),
      callAt('one', [1100, 1200], { agentId: 'a', role: 'subagent' }),
      prompt({ at: 5000 }),
      callAt('two', [5100, 5200], { agentId: 'a', role: 'subagent' }),
    ];
    const tree = treeOf(events, 9000);
    expect(parentsIn(tree)).toMatchObject({ 'agent|a': 'root', 'llm|one': 'agent|a', 'llm|two': 'root' });
    expect(tree.get('agent|a')?.turn?.index).toBe(1);
    expect(tree.get('llm|two')?.turn?.index).toBe(2);
  });
});

import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { codexLog, events, ofKind, span } from '../records.ts';

const answered = (at: number, id = 'c1') =>
  codexLog(at, {
    'conversation.id': id,
    'event.name': 'codex.sse_event',
    'event.kind': 'response.completed',
    input_token_count: '5',
    output_token_count: '1',
    model: 'gpt-5.5',
  });
const compaction = span(
  'codex.compaction',
  [100, 200],
  { 'conversation.id': 'c1' },
  { traceId: 'aa01', spanId: 'bb02', parentSpanId: 'bb01' },
);
const around = (name: string, spanId = 'bb01') => span(name, [99, 201], {}, { traceId: 'aa01', spanId });

function mapped(...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) {
  return events(codex.createMapper(), ...records);
}

describe('a compaction', () => {
  test.each([
    ['run_auto_compact', 'auto'],
    ['session_task.run', 'manual'],
  ])('inside %s is %s', (name, trigger) => {
    expect(mapped(compaction, around('run_turn', 'bb09'), around(name))).toEqual([
      { kind: 'compaction', sessionId: 'c1', traceId: 'aa01', trigger, startedAt: 100, endedAt: 200 },
    ]);
  });

  test('whose surroundings are never told is told in the end', () => {
    const mapper = codex.createMapper();
    expect(mapper.span(compaction).events).toEqual([]);
    expect(mapper.finish()).toEqual([
      { kind: 'compaction', sessionId: 'c1', traceId: 'aa01', startedAt: 100, endedAt: 200 },
    ]);
    expect(mapper.finish()).toEqual([]);
  });

  test('waits for its surroundings, whatever they are called: till then every span is needed', () => {
    const mapper = codex.createMapper();
    const needs = (name: string) => mapper.needsSpan?.(name);
    expect(['codex.compaction', 'run_auto_compact', 'session_task.run', 'other'].map(needs)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    mapper.span(compaction);
    expect(needs('other')).toBe(true);
    mapper.span(around('other'));
    expect(needs('other')).toBe(false);
  });

  const calls = [answered(90), answered(150), answered(150, 'c2'), answered(300)];
  test.each([
    ['told after the calls', [...calls, compaction]],
    ['told before them', [compaction, ...calls]],
  ])('has its summary written by a call of Codex’s own: %s', (_, records) => {
    const told = mapped(...records);
    const roles = [...recorded(told).session.llmCalls.values()].map(({ endedAt, role }) => [endedAt, role]);
    expect(roles).toEqual([
      [90, 'main'],
      [150, 'utility'],
      [150, 'main'],
      [300, 'main'],
    ]);
    expect(totalsOf(recorded(told).session).llmCalls).toBe(4);
    expect(ofKind('compaction', told)).toHaveLength(1);
  });
});

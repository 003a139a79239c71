import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, codexLog, events, ofKind, span } from '../records.ts';

const toolSpan = { traceId: 'aa01', spanId: 'bb01' };

const start = (id: string) =>
  codexLog(1, {
    'conversation.id': id,
    'event.name': 'codex.conversation_starts',
    originator: 'codex_exec',
  });
const spawned = (change: Attributes = {}, ids = toolSpan) =>
  codexLog(
    2,
    {
      'event.name': 'codex.agent_communication',
      sender_thread_id: 'c1',
      receiver_thread_id: 'agent',
      kind: 'spawn',
      state: 'send',
      content: 'Look around.',
      ...change,
    },
    ids,
  );
const toolResult = (at: number, change: Attributes = {}, ids = toolSpan) =>
  codexLog(
    at,
    {
      'conversation.id': 'c1',
      'event.name': 'codex.tool_result',
      tool_name: 'spawn_agent',
      call_id: 'call_spawn',
      agent_name: '/root',
      success: 'true',
      duration_ms: '1',
      ...change,
    },
    ids,
  );
const answered = (at: number, id = 'agent') =>
  codexLog(at, {
    'conversation.id': id,
    'event.name': 'codex.sse_event',
    'event.kind': 'response.completed',
    input_token_count: '5',
    output_token_count: '1',
    model: 'gpt-6.1-sol',
  });
const turn = (time: [number, number], id = 'agent') => {
  const record = span('session_task.turn', time, { 'turn.id': `turn of ${id}` }, { traceId: 'aa01' });
  record.attributes.push({ key: 'thread.id', value: { stringValue: id } });
  return record;
};

function mapped(...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) {
  return events(codex.createMapper(), ...records);
}
function agentsOf(...records: Parameters<typeof mapped>) {
  return [...recorded(mapped(...records)).session.subagents.values()];
}

describe('a sub-agent', () => {
  test.each([
    ['spawned before it starts', [spawned(), start('agent')]],
    ['spawned after it starts', [start('agent'), spawned()]],
  ])('is part of the person’s session: %s', (_, records) => {
    const { session, mainSessionId } = recorded(mapped(start('c1'), ...records, answered(4)));
    expect(totalsOf(session)).toMatchObject({ turns: 0, models: [{ role: 'subagent', llmCalls: 1 }] });
    expect(session.ids.get('agent')).toMatchObject({ helper: true });
    expect(mainSessionId).toBe('c1');
  });

  test('belongs to the conversation that spawned it, and goes on beside it', () => {
    expect(ofKind('subagent', mapped(spawned()))).toEqual([
      { kind: 'subagent', sessionId: 'c1', traceId: 'aa01', agentId: 'agent', isAsync: true, startedAt: 2 },
    ]);
  });

  test('is not spawned by another message', () => {
    expect(mapped(spawned({ kind: 'result' }), spawned({ kind: undefined }))).toEqual([]);
  });

  test.each([
    ['before its result', [spawned(), toolResult(3)]],
    ['after its result, as when both are sent at once', [toolResult(3), spawned()]],
  ])('was started by the tool call of its message’s span: %s', (_, records) => {
    expect(agentsOf(...records)).toMatchObject([{ agentId: 'agent', startedBy: 'call_spawn' }]);
  });

  test('was not started by another tool call, nor by one without a span', () => {
    const other = toolResult(3, {}, { traceId: 'aa01', spanId: 'bb02' });
    const message = toolResult(3, { tool_name: 'send_message' });
    expect(agentsOf(spawned(), other, message)[0]).not.toHaveProperty('startedBy');
    const noSpan = { traceId: 'aa01', spanId: '' };
    expect(agentsOf(spawned({}, noSpan), toolResult(3, {}, noSpan))[0]).not.toHaveProperty('startedBy');
  });

  test('says whose every record is, and the person’s conversation does not', () => {
    const decided = (id: string) =>
      codexLog(5, { 'conversation.id': id, 'event.name': 'codex.tool_decision', call_id: `of ${id}` });
    const failed = (id: string) =>
      codexLog(6, { 'conversation.id': id, 'event.name': 'codex.api_request', endpoint: '/responses' });
    const result = (id: string) => toolResult(7, { 'conversation.id': id, tool_name: 'exec_command' });
    const all = (id: string) => [answered(4, id), decided(id), failed(id), result(id)];
    const told = mapped(spawned(), ...all('c1'), ...all('agent'));
    const kinds = ['llm_call', 'tool_decision', 'llm_error', 'tool_call'] as const;
    for (const kind of kinds) {
      const [person, agent] = ofKind(kind, told);
      expect(person).toMatchObject({ sessionId: 'c1' });
      expect(person).not.toHaveProperty('agentId');
      expect(agent).toMatchObject({ sessionId: 'agent', agentId: 'agent' });
    }
  });

  test('does not have the name that the model made up for it', () => {
    const own = { 'conversation.id': 'agent', tool_name: 'exec_command', agent_name: '/root/look' };
    expect(JSON.stringify(mapped(spawned(), toolResult(3), toolResult(4, own)))).not.toContain('look');
  });

  test('ends with its last turn, which is none of the person’s', () => {
    const told = mapped(spawned(), turn([3, 9]), turn([12, 20]), turn([1, 30], 'c1'));
    expect(ofKind('turn_end', told)).toMatchObject([{ sessionId: 'c1', endedAt: 30 }]);
    expect([...recorded(told).session.subagents.values()]).toMatchObject([{ startedAt: 2, endedAt: 20 }]);
  });

  test('ends all the same when that is told first', () => {
    expect(agentsOf(turn([3, 9]), spawned())).toMatchObject([{ startedAt: 2, endedAt: 9 }]);
  });

  test('of a sub-agent is the sub-agent’s', () => {
    const inner = spawned(
      { sender_thread_id: 'agent', receiver_thread_id: 'inner' },
      { traceId: 'aa01', spanId: 'bb02' },
    );
    expect(agentsOf(spawned(), inner)).toMatchObject([
      { sessionId: 'c1', agentId: 'agent' },
      { sessionId: 'agent', agentId: 'inner' },
    ]);
  });
});

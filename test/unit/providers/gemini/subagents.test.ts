import { describe, expect, test } from 'vitest';
import type { LogRecord, Span } from '../../../../src/otlp/types.ts';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, log, ofKind, span } from '../records.ts';

/** A conversation whose prompt has started a sub-agent with a tool, as measured in a terminal. */
const turnKey = 's1########3';
const traceId = 'aa01';
const base = { 'session.id': 's1', interactive: true };
const agentSpan = 'a9e0000000000001';
const toolSpan = '7001000000000001';
const scheduleSpan = '5c4ed00000000001';

const prompt = log(10, { ...base, 'event.name': 'gemini_cli.user_prompt', prompt_id: turnKey }, { traceId });
const agentLog = (at: number, name: 'start' | 'finish', spanId = agentSpan, agent_id = 'agent-1') => {
  const attributes = {
    ...base,
    'event.name': `gemini_cli.agent.${name}`,
    agent_id,
    agent_name: 'investigator',
  };
  return log(at, attributes, { traceId, spanId });
};
const answer = log(
  60,
  {
    ...base,
    'event.name': 'gemini_cli.api_response',
    prompt_id: 'agent-1#0',
    role: 'subagent',
    total_token_count: 5,
  },
  { traceId, spanId: agentSpan },
);
const toolLog = (at: number, function_name: string, change: Attributes, spanId: string) => {
  const attributes = { ...base, 'event.name': 'gemini_cli.tool_call', function_name, success: true };
  return log(at, { ...attributes, duration_ms: 5, decision: 'accept', ...change }, { traceId, spanId });
};
const ids = { 'gen_ai.conversation.id': 's1' };
const innerTool = toolLog(80, 'read_file', { prompt_id: 'agent-1#0' }, 'bbbbbbbbbbbbbbbb');
const agentCall = span('agent_call', [30, 99], ids, { traceId, spanId: agentSpan, parentSpanId: toolSpan });
const invoke = [
  span(
    'tool_call',
    [25, 100],
    { ...ids, 'gen_ai.tool.name': 'invoke_agent' },
    { traceId, spanId: toolSpan, parentSpanId: scheduleSpan },
  ),
  span('schedule_tool_calls', [20, 101], ids, { traceId, spanId: scheduleSpan }),
];
const invokeLog = toolLog(101, 'invoke_agent', { prompt_id: turnKey, duration_ms: 80 }, scheduleSpan);

const logs = [prompt, agentLog(31, 'start'), answer, innerTool, agentLog(98, 'finish'), invokeLog];
const spans = [agentCall, ...invoke];

function mapped(...records: (LogRecord | Span)[]) {
  return events(gemini.createMapper(), ...records);
}

describe.each([
  ['logs first', [...logs, ...spans]],
  ['spans first', [...spans, ...logs]],
])('a sub-agent, %s', (_, records) => {
  const told = mapped(...records);

  test('is of the turn that started it, by the tool call that started it', () => {
    expect(recorded(told).session.subagents.get('agent-1')).toEqual({
      sessionId: 's1',
      turnKey,
      traceId,
      agentId: 'agent-1',
      name: 'investigator',
      startedBy: 'invoke_agent#2',
      startedAt: 31,
      endedAt: 98,
    });
  });

  test('is named by what was done in it, in the turn of its owner', () => {
    const inside = { agentId: 'agent-1', turnKey, sessionId: 's1' };
    expect(ofKind('llm_call', told)).toMatchObject([inside]);
    const tools = [...recorded(told).session.tools.values()];
    expect(tools).toMatchObject([
      { name: 'read_file', ...inside },
      { name: 'invoke_agent', turnKey },
    ]);
    expect(tools[0]?.askedBy).toBe(ofKind('llm_call', told)[0]?.callId);
  });

  test('is not named by what was done outside', () => {
    expect(recorded(told).session.tools.get('invoke_agent#2')).not.toHaveProperty('agentId');
    expect(ofKind('prompt', told)[0]).not.toHaveProperty('agentId');
  });
});

test('two sub-agents of one answer are each started by its own tool call', () => {
  const other = { spanId: 'a9e0000000000002', parentSpanId: '7001000000000002' };
  const secondTool = span(
    'tool_call',
    [26, 70],
    { ...ids, 'gen_ai.tool.name': 'invoke_agent' },
    { traceId, spanId: other.parentSpanId, parentSpanId: scheduleSpan },
  );
  const { subagents } = recorded(
    mapped(
      prompt,
      agentLog(31, 'start'),
      agentLog(32, 'start', other.spanId, 'agent-2'),
      span('agent_call', [31, 69], ids, { traceId, ...other }),
      secondTool,
      ...spans,
      invokeLog,
      toolLog(101, 'invoke_agent', { prompt_id: turnKey, duration_ms: 50 }, scheduleSpan),
    ),
  ).session;
  expect([...subagents.values()].map(({ agentId, startedBy }) => [agentId, startedBy])).toEqual([
    ['agent-1', 'invoke_agent#1'],
    ['agent-2', 'invoke_agent#2'],
  ]);
});

test('of a sub-agent whose start was lost the end is known', () => {
  expect(mapped(prompt, agentLog(98, 'finish'))).toMatchObject([
    { kind: 'prompt' },
    { kind: 'subagent', agentId: 'agent-1', name: 'investigator', turnKey, endedAt: 98 },
  ]);
});

test('an attempt that failed in a sub-agent is the sub-agent’s, an empty answer too', () => {
  const error = log(50, {
    ...base,
    'event.name': 'gemini_cli.api_error',
    prompt_id: 'agent-1#4',
    role: 'subagent',
    status_code: 429,
    duration_ms: 7,
  });
  const empty = log(
    55,
    { ...base, 'event.name': 'gemini_cli.chat.content_retry', attempt_number: 1 },
    { spanId: agentSpan },
  );
  const told = mapped(prompt, agentLog(31, 'start'), error, empty);
  expect(ofKind('llm_error', told)).toMatchObject([
    { agentId: 'agent-1', role: 'subagent', turnKey, attempt: 1, durationMs: 7 },
    { agentId: 'agent-1', role: 'subagent', turnKey, attempt: 2 },
  ]);
});

describe('the prompt of a person', () => {
  test.each([
    ['in a terminal', 's1', 's1########0'],
    ['in a session whose name looks like a sub-agent’s prompt, headless', 'a#1', 'a#1'],
    ['in such a session, in a terminal', 'a#1', 'a#1########0'],
  ])('%s is no sub-agent’s', (_, sessionId, prompt_id) => {
    const change = { 'session.id': sessionId, prompt_id, role: 'main' };
    const told = mapped(log(5, { ...base, 'event.name': 'gemini_cli.api_response', ...change }));
    expect(told).toMatchObject([{ kind: 'llm_call', turnKey: prompt_id }]);
    expect(told[0]).not.toHaveProperty('agentId');
  });
});

import { describe, expect, test } from 'vitest';
import { claude } from '../../../../src/providers/claude/claude.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, log, ofKind, span } from '../records.ts';

const base = { 'session.id': 's1', 'anthropic.provider': 'firstParty' };
const traceId = 'aa01';
/** Spans: the turn, and the executions of the Agent tool, of the one inside, and of a tool that a sub-agent uses. */
const spans = { turn: '99', outer: '31', inner: '32', own: '33' } as const;

type Records = Parameters<typeof events> extends [unknown, ...infer R] ? R : never;
const mapped = (...records: Records) => events(claude.createMapper(), ...records);
const agentsOf = (...records: Records) => [...recorded(mapped(...records)).session.subagents.values()];

const answerLog = (at: number, spanId: string, attributes: Attributes = {}) =>
  log(
    at,
    {
      ...base,
      'event.name': 'api_request',
      'prompt.id': 'p1',
      model: 'm',
      request_id: `req_${at}`,
      query_source: 'agent:builtin:general-purpose',
      agent_id: 'a1',
      ...attributes,
    },
    { traceId, spanId },
  );
const answerSpan = (times: [number, number], parentSpanId: string, attributes: Attributes = {}) =>
  span(
    'claude_code.llm_request',
    times,
    { ...base, success: true, model: 'm', request_id: `req_${times[1]}`, agent_id: 'a1', ...attributes },
    { traceId, spanId: '55', parentSpanId },
  );
const execution = (
  times: [number, number],
  spanId: string,
  tool_use_id = 'toolu_agent',
  conversation = 's1',
) =>
  span(
    'claude_code.tool.execution',
    times,
    { ...base, tool_use_id, success: true, 'gen_ai.conversation.id': conversation },
    { traceId, spanId },
  );
const completed = (at: number, spanId: string, attributes: Attributes = {}) =>
  log(
    at,
    {
      ...base,
      'event.name': 'subagent_completed',
      'prompt.id': 'p1',
      agent_id: 'a1',
      agent_type: 'general-purpose',
      is_async: false,
      duration_ms: 400,
      ...attributes,
    },
    { traceId, spanId },
  );

describe('what a sub-agent does', () => {
  test.each([
    ['an answer', answerLog(200, spans.outer)],
    ['an answer’s span', answerSpan([100, 200], spans.outer)],
    ['a failure', answerLog(200, spans.outer, { 'event.name': 'api_error', status_code: 500, error: 'x' })],
    ['a failure’s span', answerSpan([100, 200], spans.outer, { success: false })],
  ])('is in it: %s', (_, record) => {
    expect(mapped(record).at(-1)).toMatchObject({ agentId: 'a1', sessionId: 's1', traceId });
  });

  test('and nothing else is', () => {
    const told = mapped(answerLog(200, spans.turn, { agent_id: undefined, query_source: 'sdk' }));
    expect(told.map(({ kind }) => kind)).toEqual(['llm_call']);
    expect(told[0]).not.toHaveProperty('agentId');
  });

  test('reveals it before it tells of itself', () => {
    expect(mapped(answerLog(200, spans.outer, { 'agent.name': 'general-purpose' }))).toMatchObject([
      {
        kind: 'subagent',
        sessionId: 's1',
        turnKey: 'p1',
        traceId,
        agentId: 'a1',
        name: 'general-purpose',
      },
      { kind: 'llm_call', agentId: 'a1' },
    ]);
  });

  test('reveals it once', () => {
    const told = mapped(
      answerLog(200, spans.outer),
      answerLog(300, spans.outer),
      answerLog(400, spans.outer),
    );
    expect(ofKind('subagent', told)).toHaveLength(1);
  });
});

describe('a sub-agent', () => {
  const whole = {
    kind: 'subagent',
    sessionId: 's1',
    turnKey: 'p1',
    traceId,
    agentId: 'a1',
    name: 'general-purpose',
    startedBy: 'toolu_agent',
    isAsync: false,
    startedAt: 105,
    endedAt: 505,
  };
  const { kind: _, ...known } = whole;

  test.each<[string, Records]>([
    [
      'as written',
      [answerLog(200, spans.outer), completed(505, spans.outer), execution([100, 510], spans.outer)],
    ],
    ['its end first', [completed(505, spans.outer), execution([100, 510], spans.outer)]],
    ['the tool first', [execution([100, 510], spans.outer), completed(505, spans.outer)]],
    [
      'spans first',
      [
        answerSpan([110, 200], spans.outer),
        execution([100, 510], spans.outer),
        answerLog(200, spans.outer),
        completed(505, spans.outer),
      ],
    ],
  ])('is known with the tool that started it, %s', (_, records) => {
    expect(agentsOf(...records)).toEqual([known]);
    expect(ofKind('subagent', mapped(...records)).at(-1)).toEqual(whole);
  });

  test('that is not over has begun with the tool', () => {
    expect(agentsOf(answerSpan([110, 200], spans.outer), execution([100, 510], spans.outer))).toEqual([
      { sessionId: 's1', traceId, agentId: 'a1', startedBy: 'toolu_agent', startedAt: 100 },
    ]);
  });

  test('that goes on when its tool has returned is in the background, before it says so', () => {
    const told = mapped(execution([100, 117], spans.outer), answerLog(400, spans.outer));
    expect(told[0]).toMatchObject({ kind: 'subagent', isAsync: true, startedAt: 100 });
    expect(told[0]).not.toHaveProperty('endedAt');
  });

  test('in the background belongs to the prompt that started it', () => {
    const records = [
      answerLog(200, spans.outer),
      completed(900, spans.outer, { is_async: true, 'prompt.id': 'p2' }),
    ];
    expect(agentsOf(...records)).toMatchObject([{ turnKey: 'p1', isAsync: true, endedAt: 900 }]);
  });

  test('that is spoken to again is still the one it was', () => {
    const records = [
      execution([100, 117], spans.outer),
      answerLog(400, spans.outer),
      completed(505, spans.outer, { is_async: true }),
      execution([1000, 1010], spans.inner, 'toolu_again'),
      answerLog(1400, spans.inner),
    ];
    expect(agentsOf(...records)).toMatchObject([{ startedBy: 'toolu_agent', startedAt: 105 }]);
  });

  test('is not started by a tool of its own that asks a model', () => {
    const fetch = execution([250, 300], spans.own, 'toolu_fetch', 'a1');
    const records = [answerLog(290, spans.own), fetch, answerSpan([255, 290], spans.own)];
    expect(agentsOf(...records)[0]).not.toHaveProperty('startedBy');
    expect(
      agentsOf(...records, answerLog(400, spans.outer), execution([100, 510], spans.outer)),
    ).toMatchObject([{ startedBy: 'toolu_agent' }]);
  });

  test('may start another', () => {
    const inner = { agent_id: 'a2', parent_agent_id: 'a1' };
    const records = [
      answerLog(200, spans.outer),
      answerLog(300, spans.inner, inner),
      execution([210, 400], spans.inner, 'toolu_inner', 'a1'),
      execution([100, 510], spans.outer),
    ];
    expect(agentsOf(...records)).toMatchObject([
      { agentId: 'a1', startedBy: 'toolu_agent' },
      { agentId: 'a2', startedBy: 'toolu_inner' },
    ]);
  });

  test('is not found by a decision, whose span is the wait for it', () => {
    const decision = log(
      300,
      { ...base, 'event.name': 'tool_decision', tool_use_id: 'toolu_1', agent_id: 'a1' },
      { traceId, spanId: spans.own },
    );
    expect(ofKind('subagent', mapped(decision))).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { codex } from '../../../src/providers/codex.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { recorded } from '../session/events.ts';
import { type Attributes, codexLog, events, ofKind, resource, span } from './records.ts';

const base = { 'conversation.id': 'c1', 'app.version': '0.169.0', model: 'gpt-5.5', slug: 'gpt-5.5' };

/** Numbers are partly strings, and the tool count is the total. */
const tokens: Attributes = {
  ...base,
  'event.name': 'codex.sse_event',
  'event.kind': 'response.completed',
  input_token_count: '1200',
  output_token_count: '77',
  cached_token_count: 1024,
  cache_write_token_count: 17,
  reasoning_token_count: 33,
  tool_token_count: '1277',
  ttft_ms: 48,
};

function mapped(...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) {
  return events(codex.createMapper(), ...records);
}

describe('the token record', () => {
  test('is the call, with its observed time and its numbers read from strings', () => {
    expect(mapped(codexLog(5000, tokens))).toEqual([
      {
        kind: 'llm_call',
        sessionId: 'c1',
        callId: 'c1@5000000000',
        role: 'main',
        model: 'gpt-5.5',
        endedAt: 5000,
        usage: {
          inputTokens: 1200,
          outputTokens: 77,
          cacheReadTokens: 1024,
          cacheWriteTokens: 17,
          cacheWrite1hTokens: null,
          reasoningTokens: 33,
        },
      },
    ]);
  });

  test('has a twin with a duration alone, which is no call', () => {
    const twin = {
      ...base,
      'event.name': 'codex.sse_event',
      'event.kind': 'response.completed',
      duration_ms: '3',
    };
    expect(mapped(codexLog(4999, twin), codexLog(5000, tokens), codexLog(5001, twin))).toHaveLength(1);
  });

  test('delivered twice is one call, another one is another call', () => {
    const told = mapped(codexLog(5000, tokens), codexLog(5000, tokens), codexLog(6000, tokens));
    expect(totalsOf(recorded(told).session).llmCalls).toBe(2);
  });

  test('of a zero usage is a call all the same', () => {
    const zero = { ...tokens, input_token_count: '0', output_token_count: '0' };
    expect(mapped(codexLog(5000, zero))).toMatchObject([{ kind: 'llm_call', usage: { inputTokens: 0 } }]);
  });

  test('without a model takes the slug', () => {
    const { model: _, ...slugOnly } = tokens;
    expect(mapped(codexLog(5000, slugOnly))).toMatchObject([{ model: 'gpt-5.5' }]);
  });
});

describe('the prewarm of a WebSocket', () => {
  test('is neither a call nor an error', () => {
    const request = { ...base, 'event.name': 'codex.websocket_request', success: 'true', duration_ms: '0' };
    const connect = { ...base, 'event.name': 'codex.websocket_connect', success: 'true', duration_ms: '9' };
    expect(mapped(codexLog(1, connect), codexLog(2, request), codexLog(3, request))).toEqual([]);
  });
});

describe('when the model worked', () => {
  test('is told by the sampling span', () => {
    expect(
      mapped(span('codex.sampling', [100, 350], { 'conversation.id': 'c1' }, { traceId: 'aa01' })),
    ).toEqual([{ kind: 'llm_time', sessionId: 'c1', traceId: 'aa01', startedAt: 100, endedAt: 350 }]);
  });

  test('and not by a span that has not ended', () => {
    const { endTimeUnixNano: _, ...open } = span('codex.sampling', [100, 350], { 'conversation.id': 'c1' });
    expect(mapped(open)).toEqual([]);
  });
});

describe('a turn', () => {
  test('begins with a prompt', () => {
    const record = codexLog(
      1000,
      { ...base, 'event.name': 'codex.user_prompt', prompt_length: '9' },
      { traceId: 'aa01' },
    );
    expect(mapped(record)).toEqual([
      { kind: 'prompt', sessionId: 'c1', traceId: 'aa01', author: 'person', at: 1000 },
    ]);
  });

  test('ends with a span that has its id, and its conversation in the second of two keys of one name', () => {
    const turn = span('session_task.turn', [1, 2], { 'turn.id': 'turn-1' }, { traceId: 'aa01' });
    turn.attributes.push(
      { key: 'thread.id', value: { intValue: 7 } },
      { key: 'thread.id', value: { stringValue: 'c1' } },
    );
    expect(mapped(turn)).toEqual([
      { kind: 'turn_end', sessionId: 'c1', traceId: 'aa01', turnId: 'turn-1', startedAt: 1, endedAt: 2 },
    ]);
  });

  test('has no conversation in the number of an operating system’s thread', () => {
    expect(mapped(span('session_task.turn', [1, 2], { 'turn.id': 'turn-1', 'thread.id': 7 }))).toEqual([]);
  });

  test('costs what the CLI tells later, as text', () => {
    const cost = {
      ...base,
      'event.name': 'codex.turn_cost',
      'turn.id': 'turn-1',
      'usage.estimated_usd': '0.012345',
      speed: 'fast',
    };
    expect(mapped(codexLog(9000, cost))).toEqual([
      { kind: 'turn_cost', sessionId: 'c1', turnId: 'turn-1', usd: 0.012345, tier: 'fast' },
    ]);
    expect(mapped(codexLog(9000, { ...cost, 'usage.estimated_usd': '' }))).toEqual([]);
    expect(mapped(codexLog(9000, { ...cost, 'turn.id': undefined }))).toEqual([]);
  });
});

describe('a hidden thread that makes up a title', () => {
  const start = {
    ...base,
    'conversation.id': 'title',
    'event.name': 'codex.conversation_starts',
    originator: 'codex-tui',
    approval_policy: 'on-request',
    sandbox_policy: 'read-only',
    mcp_servers: '',
    auth_mode: 'ApiKey',
  };

  test('is a helper, its prompt no turn and its spend that of a utility', () => {
    const told = mapped(
      codexLog(1, start),
      codexLog(2, { ...base, 'conversation.id': 'title', 'event.name': 'codex.user_prompt' }),
      codexLog(3, { ...tokens, 'conversation.id': 'title' }),
    );
    expect(ofKind('session', told)).toEqual([{ kind: 'session', sessionId: 'title', helper: true }]);
    expect(ofKind('prompt', told)).toMatchObject([{ author: 'helper' }]);
    expect(ofKind('llm_call', told)).toMatchObject([{ role: 'utility' }]);
  });

  test.each([
    ['its servers', { mcp_servers: 'codex_tui' }],
    ['its servers, among others', { mcp_servers: 'docs,codex_tui' }],
    ['its sandbox', { sandbox_policy: 'workspace-write' }],
    ['its approvals', { approval_policy: 'never' }],
    ['its program', { originator: 'codex_exec' }],
  ])('is told from the person’s by %s', (_, change) => {
    expect(ofKind('session', mapped(codexLog(1, { ...start, ...change })))).toMatchObject([
      { helper: false },
    ]);
  });
});

describe('a sub-agent', () => {
  const spawned = codexLog(2, {
    'event.name': 'codex.agent_communication',
    sender_thread_id: 'c1',
    receiver_thread_id: 'agent',
    kind: 'spawn',
  });
  const own = { ...base, 'conversation.id': 'agent' };
  const started = codexLog(2, {
    ...own,
    'event.name': 'codex.conversation_starts',
    originator: 'codex_exec',
  });
  const work = [
    codexLog(3, { ...own, 'event.name': 'codex.user_prompt' }),
    codexLog(4, { ...tokens, 'conversation.id': 'agent' }),
  ];

  test.each([
    ['spawned before it starts', [spawned, started, ...work]],
    ['spawned after it starts', [started, spawned, ...work]],
  ])('is part of the person’s session: %s', (_, records) => {
    const recorder = recorded(
      mapped(codexLog(1, { ...base, 'event.name': 'codex.conversation_starts' }), ...records),
    );
    expect(totalsOf(recorder.session)).toMatchObject({
      turns: 0,
      models: [{ role: 'subagent', llmCalls: 1 }],
    });
    expect(recorder.session.ids.get('agent')).toMatchObject({ helper: true });
    expect(recorder.mainSessionId).toBe('c1');
  });

  test('is not spawned by another message', () => {
    const message = {
      'event.name': 'codex.agent_communication',
      sender_thread_id: 'c1',
      receiver_thread_id: 'agent',
    };
    expect(mapped(codexLog(1, { ...message, kind: 'message' }))).toEqual([]);
  });
});

describe('who pays', () => {
  test.each([
    [{ auth_mode: 'ApiKey' }, 'api'],
    [{ auth_mode: 'Chatgpt' }, 'subscription'],
    [{ 'auth.env_provider_key_present': 'true' }, 'api'],
    [{ 'auth.env_provider_key_present': true }, 'api'],
    [{ 'auth.env_provider_key_present': false }, 'unknown'],
    [{}, 'unknown'],
  ])('%j: %s', (attributes, billing) => {
    const start = codexLog(1, { ...base, 'event.name': 'codex.conversation_starts', ...attributes });
    expect(ofKind('cli', mapped(start))).toEqual([{ kind: 'cli', billing }]);
  });
});

describe('the rest', () => {
  test('a version is told once', () => {
    const mapper = codex.createMapper();
    const told = resource({ 'service.version': '0.169.0' });
    expect(mapper.resource(told)).toEqual([{ kind: 'cli', version: '0.169.0' }]);
    expect(mapper.resource(told)).toEqual([]);
  });

  test('noise and metrics are nothing', () => {
    const mapper = codex.createMapper();
    expect(mapper.log(codexLog(1, { 'conversation.id': 'c1', x: 'DEBUG' }))).toEqual({
      sessionId: 'c1',
      events: [],
    });
    expect(mapper.log(codexLog(1, { ...base, 'event.name': 'codex.startup_phase' })).events).toEqual([]);
    expect(mapper.span(span('fs.get_metadata', [1, 2], { 'conversation.id': 'c1' })).events).toEqual([]);
    expect(mapper.metric({ name: 'codex.turn.token_usage' })).toEqual({ sessionId: undefined, events: [] });
  });
});

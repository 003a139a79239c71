import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { type Attributes, codexLog, events, ofKind, resource, span } from '../records.ts';

const base = { 'conversation.id': 'c1', 'app.version': '0.169.0', model: 'gpt-5.5', slug: 'gpt-5.5' };

const tokens: Attributes = {
  ...base,
  'event.name': 'codex.sse_event',
  'event.kind': 'response.completed',
  input_token_count: '1200',
  output_token_count: '77',
};

function mapped(...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) {
  return events(codex.createMapper(), ...records);
}

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

  test.each([
    ['Say hello.', 'Say hello.'],
    ['[REDACTED]', undefined],
    ['', undefined],
  ])('was asked for with %j: %j', (prompt, expected) => {
    const [event] = mapped(codexLog(1000, { ...base, 'event.name': 'codex.user_prompt', prompt }));
    expect(event && 'text' in event ? event.text : undefined).toBe(expected);
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

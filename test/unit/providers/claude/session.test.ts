import { describe, expect, test } from 'vitest';
import { claude } from '../../../../src/providers/claude/claude.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, log, ofKind, resource, span } from '../records.ts';

const base = { 'session.id': 's1', 'anthropic.provider': 'firstParty' };
const record = (at: number, name: string, attributes: Attributes = {}, traceId = 'aa01') =>
  log(at, { ...base, 'event.name': name, ...attributes }, { traceId });
const prompt = (at: number, attributes: Attributes = {}, traceId = 'aa01') =>
  record(at, 'user_prompt', { 'prompt.id': `p${at}`, prompt_length: '5', ...attributes }, traceId);
const ended = (at: number, traceId = 'aa01') => span('claude_code.interaction', [0, at], base, { traceId });

type Records = Parameters<typeof events> extends [unknown, ...infer R] ? R : never;
const mapped = (...records: Records) => events(claude.createMapper(), ...records);

describe('prompts', () => {
  const authors = (...records: Records) => ofKind('prompt', mapped(...records)).map(({ author }) => author);

  test('are a person’s', () => {
    expect(mapped(prompt(1))).toMatchObject([
      { kind: 'prompt', author: 'person', turnKey: 'p1', traceId: 'aa01', at: 1 },
    ]);
  });

  test.each([
    [{ command_name: 'compact', command_source: 'builtin' }, 'synthetic'],
    [{ command_name: 'review', command_source: 'custom' }, 'person'],
    [{}, 'person'],
  ])('with %j are of a %s', (attributes, author) => {
    expect(authors(prompt(1, attributes))).toEqual([author]);
  });

  test('after a sub-agent in the background has ended are the CLI’s own, once each', () => {
    const completed = record(2, 'subagent_completed', { is_async: true });
    expect(authors(prompt(1), completed, prompt(3), prompt(4))).toEqual(['person', 'synthetic', 'person']);
    expect(authors(completed, completed, prompt(3), prompt(4), prompt(5))).toEqual([
      'synthetic',
      'synthetic',
      'person',
    ]);
  });

  test('after one that was waited for are a person’s', () => {
    expect(authors(record(2, 'subagent_completed', { is_async: false }), prompt(3))).toEqual(['person']);
  });

  test.each([
    ['Say hello to me.', 'Say hello to me.'],
    ['<REDACTED>', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of which %j is told say %j', (told, said) => {
    const [event] = ofKind('prompt', mapped(prompt(1, { prompt: told })));
    expect(event?.text).toBe(said);
  });

  test('that are a built-in command do not stand for the one a sub-agent causes', () => {
    const completed = record(2, 'subagent_completed', { is_async: 'true' });
    const builtin = prompt(3, { command_source: 'builtin' });
    expect(authors(completed, builtin, prompt(4), prompt(5))).toEqual(['synthetic', 'synthetic', 'person']);
  });
});

test('a turn ends with its interaction', () => {
  expect(mapped(ended(900))).toEqual([
    { kind: 'turn_end', sessionId: 's1', traceId: 'aa01', startedAt: 0, endedAt: 900 },
  ]);
});

describe('a prompt whose turn ended', () => {
  const cancelled = (...records: Records) => ofKind('llm_error', mapped(...records));

  test('without an answer was stopped by the user', () => {
    expect(cancelled(prompt(1), ended(900))).toEqual([
      {
        kind: 'llm_error',
        sessionId: 's1',
        traceId: 'aa01',
        turnKey: 'p1',
        errorId: 'aa01|cancelled',
        type: 'cancelled',
        message: '',
        at: 900,
        role: 'main',
      },
    ]);
  });

  test.each([
    ['with an answer', [prompt(1), record(2, 'api_request', { request_id: 'r', model: 'm' }), ended(3)]],
    [
      'with an answer told by a span',
      [
        prompt(1),
        ended(3),
        span(
          'claude_code.llm_request',
          [1, 2],
          { ...base, success: true, request_id: 'r' },
          { traceId: 'aa01' },
        ),
      ],
    ],
    ['and that has not ended', [prompt(1)]],
    ['that a built-in command was', [prompt(1, { command_source: 'builtin' }), ended(3)]],
  ])('%s was not', (_, records) => {
    expect(cancelled(...(records as Records))).toEqual([]);
  });

  test('with a failure has that one error', () => {
    const failed = record(2, 'api_error', { request_id: 'r', status_code: 500, error: 'x' });
    expect(cancelled(prompt(1), failed, ended(3))).toMatchObject([{ type: 'server' }]);
  });

  test('is one of several', () => {
    const answer = record(2, 'api_request', { request_id: 'r', model: 'm' }, 'aa01');
    const told = cancelled(prompt(1), answer, ended(3), prompt(4, {}, 'bb02'), ended(5, 'bb02'));
    expect(told).toMatchObject([{ traceId: 'bb02', type: 'cancelled' }]);
  });
});

test('a compaction has lasted until its record', () => {
  const told = {
    trigger: 'auto',
    success: 'true',
    duration_ms: '112',
    pre_tokens: '180000',
    post_tokens: '2823',
    agent_id: 'a1',
    'prompt.id': 'p1',
  };
  expect(mapped(record(500, 'compaction', told))).toEqual([
    {
      kind: 'compaction',
      sessionId: 's1',
      turnKey: 'p1',
      traceId: 'aa01',
      agentId: 'a1',
      trigger: 'auto',
      success: true,
      tokensBefore: 180_000,
      tokensAfter: 2823,
      startedAt: 388,
      endedAt: 500,
    },
  ]);
  expect(mapped(record(500, 'compaction'))).toMatchObject([{ startedAt: 500, endedAt: 500 }]);
});

describe('who pays', () => {
  const billing = (attributes: Attributes) =>
    ofKind('cli', mapped(record(1, 'managed_settings_resolved', attributes))).map((event) => event.billing);

  test.each([
    ['an API key, which leaves no account', {}, 'api'],
    ['a login, of a subscription or not', { 'user.account_uuid': 'x' }, 'unknown'],
    ['a login of an organization', { 'organization.id': 'x' }, 'unknown'],
    [
      'a subscription that says so',
      { 'user.account_uuid': 'x', 'user.customer_type': 'claude_ai' },
      'subscription',
    ],
    ['an API customer that says so', { 'user.account_uuid': 'x', 'user.customer_type': 'api' }, 'api'],
    ['another cloud', { 'anthropic.provider': 'bedrock' }, 'api'],
    [
      'a login, from a version that names no provider',
      { 'anthropic.provider': undefined, 'organization.id': 'x' },
      'unknown',
    ],
  ])('%s', (_, attributes, expected) => {
    expect(billing(attributes)).toEqual([expected]);
  });
});

describe('a session', () => {
  test('has two ids with --continue, of which one is used', () => {
    const { session } = recorded(
      mapped(
        record(1, 'managed_settings_resolved', { 'session.id': 'throw-away' }),
        prompt(2),
        record(3, 'api_request', { request_id: 'r', model: 'm' }),
      ),
    );
    expect([...session.ids]).toEqual([
      ['throw-away', { helper: false, active: false }],
      ['s1', { helper: false, active: true }],
    ]);
  });

  test('tells its version once, and again when it changes', () => {
    const mapper = claude.createMapper();
    const version = (text: string) => mapper.resource(resource({ 'service.version': text }));
    expect(version('2.1.329')).toEqual([{ kind: 'cli', version: '2.1.329' }]);
    expect(version('2.1.329')).toEqual([]);
    expect(version('2.1.330')).toEqual([{ kind: 'cli', version: '2.1.330' }]);
  });

  test('has noise that means nothing', () => {
    const noise = [
      'hook_registered',
      'plugin_loaded',
      'retention_sweep',
      'assistant_response',
      'internal_error',
    ];
    expect(mapped(...noise.map((name, i) => record(i + 1, name)))).toEqual([]);
    expect(
      mapped(span('claude_code.tool', [1, 2], base), span('claude_code.tool.execution', [1, 2], base)),
    ).toEqual([]);
  });
});

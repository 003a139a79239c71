import { describe, expect, test } from 'vitest';
import { gemini } from '../../../src/providers/gemini.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { recorded } from '../session/events.ts';
import { type Attributes, events, log, ofKind, resource, span } from './records.ts';

const base = { 'session.id': 's1', interactive: true, auth_type: 'gemini-api-key' };
const call = { ...base, prompt_id: 's1########0', role: 'main' };

const request = (at: number, change: Attributes = {}, traceId = 'aa01') =>
  log(
    at,
    { ...call, 'event.name': 'gemini_cli.api_request', model: 'gemini-3.5-pro', ...change },
    { traceId },
  );

/** The measured usage: input 1000 with 400 cached, output 25, thoughts 60, tool-use prompt 7; total 1092. */
const response = (at: number, change: Attributes = {}) =>
  log(at, {
    ...call,
    'event.name': 'gemini_cli.api_response',
    model: 'gemini-3.5-pro-001',
    duration_ms: 800,
    input_token_count: 1000,
    output_token_count: 25,
    cached_content_token_count: 400,
    thoughts_token_count: 60,
    tool_token_count: 7,
    total_token_count: 1092,
    status_code: 200,
    ...change,
  });

const error = (at: number, change: Attributes = {}) =>
  log(at, {
    ...call,
    'event.name': 'gemini_cli.api_error',
    model: 'gemini-3.5-pro',
    duration_ms: 90,
    ...change,
  });

function mapped(...records: ReturnType<typeof log>[]): AgentEvent[] {
  return events(gemini.createMapper(), ...records);
}

describe('an answered call', () => {
  test('has the requested model, the answering one, and tokens in the one convention', () => {
    expect(mapped(request(1000), response(2000))).toEqual([
      {
        kind: 'llm_call',
        sessionId: 's1',
        turnKey: 's1########0',
        traceId: 'aa01',
        callId: expect.any(String),
        role: 'main',
        model: 'gemini-3.5-pro',
        responseModel: 'gemini-3.5-pro-001',
        endedAt: 2000,
        durationMs: 800,
        usage: {
          inputTokens: 1007,
          outputTokens: 85,
          cacheReadTokens: 400,
          cacheWriteTokens: 0,
          cacheWrite1hTokens: null,
          reasoningTokens: 60,
        },
      },
    ]);
  });

  test('whose request was lost has the model that answered', () => {
    expect(mapped(response(2000))).toMatchObject([{ model: 'gemini-3.5-pro-001' }]);
  });

  test('without token counts is a call without tokens', () => {
    const empty = {
      input_token_count: undefined,
      output_token_count: undefined,
      thoughts_token_count: undefined,
    };
    const told = mapped(
      response(2000, { ...empty, tool_token_count: undefined, cached_content_token_count: undefined }),
    );
    expect(told).toMatchObject([{ usage: { inputTokens: 0, outputTokens: 0, reasoningTokens: 0 } }]);
  });

  test('is joined with the request of its own prompt and role, in order', () => {
    const router = { role: 'utility_router' };
    const told = mapped(
      request(1, { ...router, model: 'flash-lite' }),
      request(2),
      response(3, { model: 'main answers' }),
      response(4, { ...router, model: 'router answers' }),
      request(5, { model: 'second' }),
      response(6, { model: 'second answers' }),
    );
    expect(ofKind('llm_call', told).map(({ model, responseModel }) => [model, responseModel])).toEqual([
      ['gemini-3.5-pro', 'main answers'],
      ['flash-lite', 'router answers'],
      ['second', 'second answers'],
    ]);
  });

  test('after a failed attempt has the request of its own attempt', () => {
    const told = mapped(
      request(1, { model: 'first try' }),
      error(2, { status_code: 429 }),
      request(3, { model: 'second try' }),
      response(4),
    );
    expect(ofKind('llm_call', told)).toMatchObject([{ model: 'second try' }]);
  });

  test('delivered twice is one call', () => {
    expect(totalsOf(recorded(mapped(request(1), response(2), response(2))).session).llmCalls).toBe(1);
  });

  test('of two sub-agents at the same millisecond is two', () => {
    const agent = { role: 'subagent', prompt_id: 'agent-1#0' };
    const told = mapped(response(2, agent), response(2, { ...agent, prompt_id: 'agent-2#0' }));
    expect(totalsOf(recorded(told).session).llmCalls).toBe(2);
  });
});

describe('roles', () => {
  test.each([
    ['main', 'main'],
    [undefined, 'main'],
    ['subagent', 'subagent'],
    ['utility_router', 'utility'],
    ['utility_summarizer', 'utility'],
    ['utility_next_speaker', 'utility'],
  ])('%s: %s', (role, expected) => {
    expect(mapped(response(1, { role }))).toMatchObject([{ role: expected }]);
    expect(mapped(error(1, { role }))).toMatchObject([{ role: expected }]);
  });
});

describe('a session', () => {
  const config = (auth_type?: string) => log(1, { ...base, 'event.name': 'gemini_cli.config', auth_type });

  test('begins with its configuration', () => {
    expect(mapped(config('gemini-api-key'))).toEqual([
      { kind: 'session', sessionId: 's1', helper: false },
      { kind: 'cli', billing: 'api' },
    ]);
  });

  test.each([
    ['gemini-api-key', 'api'],
    ['vertex-ai', 'api'],
    ['oauth-personal', 'subscription'],
    ['cloud-shell', 'unknown'],
    ['gateway', 'unknown'],
    [undefined, 'unknown'],
  ])('with login %s is paid by %s', (authType, billing) => {
    expect(ofKind('cli', mapped(config(authType)))).toEqual([{ kind: 'cli', billing }]);
  });

  test('has another id after /clear, and the new one is the current one', () => {
    const prompt = (at: number, sessionId: string) =>
      log(at, {
        ...base,
        'session.id': sessionId,
        'event.name': 'gemini_cli.user_prompt',
        prompt_id: `${sessionId}#0`,
      });
    const recorder = recorded(mapped(prompt(1, 's1'), prompt(2, 's2'), response(3, { 'session.id': 's2' })));
    expect([...recorder.session.ids.keys()]).toEqual(['s1', 's2']);
    expect(recorder.mainSessionId).toBe('s2');
    expect(totalsOf(recorder.session)).toMatchObject({ turns: 2, llmCalls: 1 });
  });

  test('has no version in its resource: that is the version of Node', () => {
    expect(gemini.createMapper().resource(resource({ 'service.version': 'v20.20.2' }))).toEqual([]);
  });

  test('counts nothing by its metrics, nor by the twins of its records', () => {
    expect(gemini.createMapper().metric({ name: 'gemini_cli.api.request.count' }).events).toEqual([]);
    const twin = { ...call, 'event.name': 'gen_ai.client.inference.operation.details' };
    expect(mapped(log(1, twin), log(2, { ...call, 'event.name': 'gemini_cli.file_operation' }))).toEqual([]);
  });
});

test('a turn ends with its span, a slash command included, which makes no session active', () => {
  const turn = span('user_prompt', [1000, 4000], { 'gen_ai.conversation.id': 's1' }, { traceId: 'aa01' });
  const told = events(gemini.createMapper(), turn);
  expect(told).toEqual([
    { kind: 'turn_end', sessionId: 's1', traceId: 'aa01', startedAt: 1000, endedAt: 4000 },
  ]);
  const { session } = recorded(told);
  expect(session.ids.get('s1')).toEqual({ helper: false, active: false });
  expect(session.traceIds.size).toBe(0);
  expect(totalsOf(session).turns).toBe(0);
});

describe('a failed attempt', () => {
  test('is counted once each', () => {
    const told = mapped(
      request(1),
      error(2, { status_code: 429 }),
      request(3),
      error(4, { status_code: 503 }),
      request(5),
      response(6),
    );
    expect(totalsOf(recorded(told).session)).toMatchObject({
      llmCalls: 1,
      errors: { total: 2, byType: { rate_limit: 1, overloaded: 1 } },
    });
  });

  test('says what the API said, not the whole body', () => {
    const body = '{"error":{"code":429,"message":"quota is used up","status":"RESOURCE_EXHAUSTED"}}';
    expect(mapped(error(1, { status_code: 429, 'error.message': body }))).toMatchObject([
      {
        type: 'rate_limit',
        message: 'quota is used up',
        statusCode: 429,
        model: 'gemini-3.5-pro',
        durationMs: 90,
      },
    ]);
  });

  test.each(['fetch failed', '{"error":', '"text"', 'null', '{"error":{"message":5}}'])(
    'says what it says when that is no such body: %s',
    (message) => {
      expect(mapped(error(1, { error: message }))).toMatchObject([{ message }]);
    },
  );
});

test('an empty answer is an error of unknown kind', () => {
  const retry = log(7, {
    ...base,
    'event.name': 'gemini_cli.chat.content_retry',
    attempt_number: 0,
    error_type: 'NO_RESPONSE_TEXT',
  });
  expect(mapped(retry)).toMatchObject([
    { kind: 'llm_error', type: 'unknown', message: 'NO_RESPONSE_TEXT', at: 7, role: 'main' },
  ]);
});

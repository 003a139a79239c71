import { describe, expect, test } from 'vitest';
import { gemini } from '../../../../src/providers/gemini/gemini.ts';
import type { AgentEvent } from '../../../../src/session/event.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, log, ofKind, resource, span } from '../records.ts';

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

  test('or failed attempt is of the request in whose span it was written, where it was', () => {
    const asked = (at: number, model: string, spanId: string) =>
      log(at, { ...call, 'event.name': 'gemini_cli.api_request', model }, { spanId });
    const second = { ...log(4, {}, { spanId: 'bbbbbbbbbbbbbbbb' }), attributes: response(4).attributes };
    const told = mapped(
      asked(1, 'first', 'aaaaaaaaaaaaaaaa'),
      asked(2, 'second', 'bbbbbbbbbbbbbbbb'),
      second,
      response(5),
    );
    expect(ofKind('llm_call', told).map(({ model }) => model)).toEqual(['second', 'first']);
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

describe('an answered call tells', () => {
  test('why it ended: the reason of its last piece', () => {
    const answer = response(2);
    const values = ['stop', 'length'].map((stringValue) => ({ stringValue }));
    answer.attributes.push({ key: 'finish_reasons', value: { arrayValue: { values } } });
    expect(mapped(answer)).toMatchObject([{ finishReason: 'length' }]);
  });

  test('what was asked and answered, where the CLI sends it', () => {
    const told = mapped(
      request(1, { request_text: '[question]' }),
      response(2, { response_text: '[answer]' }),
    );
    expect(told).toMatchObject([{ input: '[question]', output: '[answer]' }]);
  });

  test('nothing of it where that is empty', () => {
    const [told] = mapped(request(1, { request_text: '' }), response(2, { response_text: '' }));
    expect(told).not.toHaveProperty('input');
    expect(told).not.toHaveProperty('output');
    expect(told).not.toHaveProperty('finishReason');
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
      { kind: 'cli', billing: 'api', genAiProvider: 'gcp.gemini' },
    ]);
  });

  test.each([
    ['gemini-api-key', 'api', 'gcp.gemini'],
    ['vertex-ai', 'api', 'gcp.vertex_ai'],
    ['oauth-personal', 'subscription', 'gcp.gen_ai'],
    ['cloud-shell', 'unknown', 'gcp.gen_ai'],
    ['gateway', 'unknown', 'gcp.gen_ai'],
    [undefined, 'unknown', 'gcp.gen_ai'],
  ])('with login %s is paid by %s, and served by %s', (authType, billing, genAiProvider) => {
    expect(ofKind('cli', mapped(config(authType)))).toEqual([{ kind: 'cli', billing, genAiProvider }]);
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

test('a prompt says what was asked where the CLI sends it', () => {
  const prompt = { ...base, 'event.name': 'gemini_cli.user_prompt', prompt_id: 's1########0' };
  expect(mapped(log(1, { ...prompt, prompt: 'Hello.' }))).toMatchObject([{ kind: 'prompt', text: 'Hello.' }]);
  expect(mapped(log(1, prompt))[0]).not.toHaveProperty('text');
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

  test('is numbered from 1, anew after an answer, and by prompt and role', () => {
    const told = mapped(
      error(1, { status_code: 429 }),
      error(2, { status_code: 429, role: 'utility_router' }),
      error(3, { status_code: 503 }),
      response(4),
      error(5, { status_code: 500 }),
      error(6, { status_code: 500, prompt_id: 's1########1' }),
    );
    expect(ofKind('llm_error', told).map(({ at, attempt }) => [at, attempt])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [5, 1],
      [6, 1],
    ]);
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

test('an empty answer is an error of unknown kind, whose attempts the CLI counts from 0', () => {
  const retry = log(7, {
    ...base,
    'event.name': 'gemini_cli.chat.content_retry',
    attempt_number: 0,
    error_type: 'NO_RESPONSE_TEXT',
    model: 'gemini-3.5-pro',
  });
  expect(mapped(retry)).toMatchObject([
    {
      kind: 'llm_error',
      type: 'unknown',
      message: 'NO_RESPONSE_TEXT',
      at: 7,
      role: 'main',
      attempt: 1,
      model: 'gemini-3.5-pro',
    },
  ]);
});

describe('a call that was stopped', () => {
  const callSpan = 'cccccccccccccccc';
  const started = (change: Attributes = {}) =>
    log(
      1000,
      { ...call, 'event.name': 'gemini_cli.api_request', model: 'gemini-3.5-pro', ...change },
      { traceId: 'aa01', spanId: callSpan },
    );
  const stopped = (change: Attributes = {}) => {
    const attributes = {
      'gen_ai.conversation.id': 's1',
      'gen_ai.prompt.name': 's1########0',
      'gen_ai.request.model': 'gemini-3.5-pro',
      ...change,
    };
    const told = span('llm_call', [1000, 3500], attributes, { traceId: 'aa01', spanId: callSpan });
    const type = { key: 'exception.type', value: { stringValue: '20' } };
    return { ...told, events: [{ name: 'exception', attributes: [type] }] };
  };
  const cancelled = {
    kind: 'llm_error',
    sessionId: 's1',
    turnKey: 's1########0',
    traceId: 'aa01',
    errorId: callSpan,
    type: 'cancelled',
    message: '',
    at: 3500,
    durationMs: 2500,
    role: 'main',
    model: 'gemini-3.5-pro',
  };

  test.each([
    ['request first', [started(), stopped()]],
    ['span first', [stopped(), started()]],
  ])('is told once, by its span: %s', (_, records) => {
    expect(events(gemini.createMapper(), ...records)).toEqual([cancelled]);
  });

  test('has the role of its request', () => {
    const role = { role: 'utility_router' };
    expect(events(gemini.createMapper(), started(role), stopped())).toMatchObject([{ role: 'utility' }]);
  });

  test('is a sub-agent’s by its prompt', () => {
    const told = events(gemini.createMapper(), stopped({ 'gen_ai.prompt.name': 'agent-1#0' }));
    expect(told).toMatchObject([{ role: 'subagent', agentId: 'agent-1' }]);
  });

  test('leaves its request to no later answer', () => {
    const told = events(
      gemini.createMapper(),
      started({ model: 'stopped' }),
      stopped(),
      request(4000, { model: 'second' }),
      response(5000),
    );
    expect(ofKind('llm_call', told)).toMatchObject([{ model: 'second' }]);
  });

  test('of which nothing but the request is known ends with the session', () => {
    expect(events(gemini.createMapper(), started())).toMatchObject([
      { type: 'cancelled', errorId: callSpan, at: 1000, turnKey: 's1########0' },
    ]);
  });
});

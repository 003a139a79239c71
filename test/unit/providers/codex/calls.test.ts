import { describe, expect, test } from 'vitest';
import { codex } from '../../../../src/providers/codex/codex.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, codexLog, events, ofKind, span } from '../records.ts';

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
  model_reasoning_effort: 'low',
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
        reasoningLevel: 'low',
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

describe('the request before it', () => {
  const request = (at: number, change: Attributes = {}) =>
    codexLog(
      at,
      {
        ...base,
        'event.name': 'codex.api_request',
        endpoint: '/responses',
        'http.response.status_code': 200,
        duration_ms: '30',
        ...change,
      },
      { traceId: 'aa01' },
    );
  const overSocket = { 'event.name': 'codex.websocket_request', success: 'true', duration_ms: '0' };

  test('tells when the call began, when its first piece came and which trace it is of', () => {
    expect(mapped(request(1030), codexLog(1500, tokens))).toMatchObject([
      { kind: 'llm_call', traceId: 'aa01', endedAt: 1500, durationMs: 500, timeToFirstChunkMs: 78 },
    ]);
  });

  test('was taken at once by a WebSocket', () => {
    expect(mapped(request(1030, overSocket), codexLog(1500, tokens))).toMatchObject([
      { durationMs: 470, timeToFirstChunkMs: 48 },
    ]);
  });

  test('is the last one, not the warm-up', () => {
    expect(
      mapped(request(1000, overSocket), request(3000, overSocket), codexLog(3500, tokens)),
    ).toMatchObject([{ durationMs: 500 }]);
  });

  test('is not that of the list of models, nor one of another conversation', () => {
    const other = request(1400, { 'conversation.id': 'c2' });
    const models = request(1400, { endpoint: '/models' });
    expect(mapped(request(1030), other, models, codexLog(1500, tokens))).toMatchObject([{ durationMs: 500 }]);
  });

  test('has one answer', () => {
    const [, second] = mapped(request(1030), codexLog(1500, tokens), codexLog(1600, tokens));
    expect(second).not.toHaveProperty('durationMs');
    expect(second).not.toHaveProperty('timeToFirstChunkMs');
  });
});

describe('the answer in words', () => {
  const request = codexLog(1030, {
    ...base,
    'event.name': 'codex.api_request',
    endpoint: '/responses',
    'http.response.status_code': 200,
  });
  const words = (at: number, response = 'Hello.') =>
    codexLog(at, { ...base, 'event.name': 'codex.agent_response', response });
  const sampling = (time: [number, number]) => span('codex.sampling', time, { 'conversation.id': 'c1' });
  const outputs = (told: ReturnType<typeof mapped>) =>
    [...recorded(told).session.llmCalls.values()].map((call) => call.output);

  test('is that of the call when it comes before the tokens', () => {
    expect(outputs(mapped(request, words(1400), codexLog(1500, tokens)))).toEqual(['Hello.']);
  });

  test('and when it comes after them', () => {
    const told = mapped(request, codexLog(1500, tokens), words(1510), sampling([1000, 1520]));
    expect(ofKind('llm_call', told)).toHaveLength(2);
    expect(outputs(told)).toEqual(['Hello.']);
  });

  test('is told in the end when no span tells that the call is over', () => {
    const told = mapped(request, codexLog(1500, tokens), words(1510), sampling([500, 900]));
    expect(outputs(told)).toEqual(['Hello.']);
  });

  test('is not the call’s record: nothing is told twice in the logs', () => {
    const mapper = codex.createMapper();
    mapper.log(request);
    mapper.log(codexLog(1500, tokens));
    expect(mapper.log(words(1510)).events).toEqual([]);
  });

  test('is nothing when it is empty', () => {
    expect(outputs(mapped(request, words(1400, ''), codexLog(1500, tokens)))).toEqual([undefined]);
  });

  test('no span makes a call of itself', () => {
    const { endTimeUnixNano: _, ...open } = sampling([100, 350]);
    expect(mapped(sampling([100, 350]), open)).toEqual([]);
  });
});

describe('the prewarm of a WebSocket', () => {
  test('is neither a call nor an error', () => {
    const request = { ...base, 'event.name': 'codex.websocket_request', success: 'true', duration_ms: '0' };
    const connect = { ...base, 'event.name': 'codex.websocket_connect', success: 'true', duration_ms: '9' };
    expect(mapped(codexLog(1, connect), codexLog(2, request), codexLog(3, request))).toEqual([]);
  });
});

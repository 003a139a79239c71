import { describe, expect, test } from 'vitest';
import { claude } from '../../../../src/providers/claude/claude.ts';
import { totalsOf } from '../../../../src/session/totals.ts';
import { recorded } from '../../session/events.ts';
import { type Attributes, events, log, ofKind, span, sum } from '../records.ts';

const base = { 'session.id': 's1', 'anthropic.provider': 'firstParty' };
const traceId = 'aa01';

/** The measured usage and its price. */
const usage = {
  input_tokens: 1201,
  output_tokens: 251,
  cache_read_tokens: 15_013,
  cache_creation_tokens: 3007,
};
const request = (at: number, change: Attributes = {}) =>
  log(
    at,
    {
      ...base,
      ...usage,
      'event.name': 'api_request',
      'prompt.id': 'p1',
      model: 'claude-opus-5-5',
      cache_creation_5m_tokens: 1003,
      cache_creation_1h_tokens: 2004,
      cost_usd: { double: 0.0338736 },
      duration_ms: 267,
      request_id: 'req_1',
      speed: 'normal',
      query_source: 'sdk',
      ...change,
    },
    { traceId },
  );
const llmSpan = (times: [number, number], change: Attributes = {}) =>
  span(
    'claude_code.llm_request',
    times,
    {
      ...base,
      ...usage,
      model: 'claude-opus-5-5',
      success: true,
      attempt: 1,
      duration_ms: times[1] - times[0],
      request_id: 'req_1',
      speed: 'normal',
      query_source_safe: 'sdk',
      ...change,
    },
    { traceId },
  );

function sessionOf(...records: Parameters<typeof events> extends [unknown, ...infer R] ? R : never) {
  return recorded(events(claude.createMapper(), ...records)).session;
}

describe('an answered call', () => {
  test('is read from its log', () => {
    expect(events(claude.createMapper(), request(2000))).toEqual([
      {
        kind: 'llm_call',
        sessionId: 's1',
        turnKey: 'p1',
        traceId,
        callId: 'req_1',
        responseId: 'req_1',
        role: 'main',
        model: 'claude-opus-5-5',
        usage: {
          inputTokens: 19_221,
          outputTokens: 251,
          cacheReadTokens: 15_013,
          cacheWriteTokens: 3007,
          cacheWrite1hTokens: 2004,
          reasoningTokens: null,
        },
        endedAt: 2000,
        durationMs: 267,
        reportedUsd: 0.0338736,
      },
    ]);
  });

  test.each([
    ['log first', [request(2000), llmSpan([1700, 2001])]],
    ['span first', [llmSpan([1700, 2001]), request(2000)]],
    ['twice', [request(2000), llmSpan([1700, 2001]), request(2000), llmSpan([1700, 2001])]],
  ])('and its span are one call by the request id, %s', (_, records) => {
    const { llmCalls, usage: tokens, cost } = totalsOf(sessionOf(...records));
    expect(llmCalls).toBe(1);
    expect(tokens).toMatchObject({ inputTokens: 19_221, cacheWrite1hTokens: 2004 });
    expect(cost).toMatchObject({ usd: 0.0338736, source: 'reported' });
  });

  test.each([
    ['logs first', (logs: object[], spans: object[]) => [...logs, ...spans]],
    ['spans first', (logs: object[], spans: object[]) => [...spans, ...logs]],
  ])('without request ids are joined by trace, model and tokens, in order, %s', (_, inOrder) => {
    const unnamed = { request_id: undefined };
    const logs = [
      request(1000, unnamed),
      request(2000, unnamed),
      request(3000, { ...unnamed, output_tokens: 9 }),
    ];
    const spans = [
      llmSpan([900, 1000], unnamed),
      llmSpan([1900, 2000], unnamed),
      llmSpan([2900, 3000], { ...unnamed, output_tokens: 9 }),
    ];
    const session = sessionOf(...(inOrder(logs, spans) as typeof logs));
    expect(totalsOf(session)).toMatchObject({ llmCalls: 3, usage: { outputTokens: 511 } });
  });

  test('has the exact time of its span, and what each of the two tells', () => {
    const told = llmSpan([1700, 2001], {
      duration_ms: 300,
      ttft_ms: 157,
      effort: 'high',
      stop_reason: 'tool_use',
    });
    for (const records of [
      [request(2000), told],
      [told, request(2000)],
    ]) {
      const call = sessionOf(...records).llmCalls.get('req_1');
      expect(call).toMatchObject({
        durationMs: 301,
        endedAt: 2001,
        timeToFirstChunkMs: 157,
        reasoningLevel: 'high',
        finishReason: 'tool_use',
        reportedUsd: 0.0338736,
        usage: { cacheWrite1hTokens: 2004 },
      });
    }
  });

  test('told by a span alone is a call without a reported price', () => {
    const told = events(claude.createMapper(), llmSpan([1, 2], { query_source_safe: 'auto_mode' }));
    expect(told).toMatchObject([{ kind: 'llm_call', role: 'utility' }]);
    expect(told[0]).not.toHaveProperty('reportedUsd');
  });

  test('counts the attempts before it that nobody tells of', () => {
    expect(totalsOf(sessionOf(request(3000), llmSpan([300, 2984], { attempt: 3 }))).hiddenRetries).toBe(2);
    expect(totalsOf(sessionOf(llmSpan([1, 2], { attempt: 1 }))).hiddenRetries).toBe(0);
  });

  test.each([
    ['normal', undefined],
    ['fast', 'fast'],
    [undefined, undefined],
  ])('served at speed %s has tier %s', (speed, tier) => {
    const [event] = ofKind('llm_call', events(claude.createMapper(), request(1, { speed })));
    expect(event?.tier).toBe(tier);
  });
});

describe('the text of an answer', () => {
  const said = (response: string | undefined) =>
    log(
      2000,
      { ...base, 'event.name': 'assistant_response', 'prompt.id': 'p1', request_id: 'req_1', response },
      { traceId },
    );

  test.each([
    ['the span last', [request(2000), said('All done.'), llmSpan([1700, 2001])]],
    ['the span first', [llmSpan([1700, 2001]), request(2000), said('All done.')]],
  ])('is its output, %s', (_, records) => {
    const session = sessionOf(...records);
    expect(session.llmCalls.get('req_1')).toMatchObject({
      output: 'All done.',
      turnKey: 'p1',
      durationMs: 301,
      reportedUsd: 0.0338736,
      usage: { inputTokens: 19_221, cacheWrite1hTokens: 2004 },
    });
    expect(totalsOf(session).llmCalls).toBe(1);
  });

  test('is told by the way: the record itself costs nothing', () => {
    const mapper = claude.createMapper();
    mapper.span(llmSpan([1700, 2001]));
    expect(mapper.log(said('Later.'))).toMatchObject({
      events: [],
      asides: [{ kind: 'llm_call', callId: 'req_1', output: 'Later.' }],
    });
    expect(mapper.finish()).toEqual([]);
  });

  test.each(['<REDACTED>', '', undefined])('%j is none', (response) => {
    for (const records of [
      [request(2000), said(response), llmSpan([1700, 2001])],
      [llmSpan([1700, 2001]), request(2000), said(response)],
    ])
      expect(sessionOf(...records).llmCalls.get('req_1')).not.toHaveProperty('output');
  });
});

describe('roles', () => {
  test.each([
    ['sdk', 'main'],
    ['repl_main_thread', 'main'],
    ['agent:builtin:general-purpose', 'subagent'],
    ['generate_session_title', 'utility'],
    ['compact', 'utility'],
    ['auto_mode', 'utility'],
  ])('%s: %s', (source, role) => {
    expect(events(claude.createMapper(), request(1, { query_source: source }))).toMatchObject([{ role }]);
    const safe = source.replaceAll(':', '.');
    expect(events(claude.createMapper(), llmSpan([1, 2], { query_source_safe: safe }))).toMatchObject([
      { role },
    ]);
  });
});

describe('a failed call', () => {
  const failed = { error: 'no permission', status_code: 403, request_id: 'req_2' };
  const errorLog = (change: Attributes = {}) =>
    log(
      3000,
      {
        ...base,
        'event.name': 'api_error',
        model: 'claude-opus-5-5',
        attempt: 1,
        query_source: 'sdk',
        ...failed,
        ...change,
      },
      { traceId },
    );
  const errorSpan = (change: Attributes = {}) =>
    llmSpan([2900, 3000], { success: false, error_class: 'auth_error', ...failed, ...change });

  test.each([
    ['log first', [errorLog(), errorSpan()]],
    ['span first', [errorSpan(), errorLog()]],
  ])('is told by a log and a span and counted once, %s', (_, records) => {
    const { errors, llmCalls } = totalsOf(sessionOf(...records));
    expect(errors).toMatchObject({ total: 1, byType: { auth: 1 }, last: { message: 'no permission' } });
    expect(llmCalls).toBe(0);
  });

  test('without a request id is joined in order', () => {
    const unnamed = { request_id: undefined, status_code: undefined, error: 'Connection error.' };
    const records = [errorLog(unnamed), errorSpan({ ...unnamed, error_class: 'connection_error' })];
    expect(totalsOf(sessionOf(...records)).errors).toMatchObject({ total: 1, byType: { network: 1 } });
    expect(totalsOf(sessionOf(...records.reverse())).errors).toMatchObject({
      total: 1,
      byType: { network: 1 },
    });
  });

  test('tells its attempt, its time and its model', () => {
    const told = sessionOf(errorLog({ attempt: 3, duration_ms: 90 })).errors.get('req_2');
    expect(told).toMatchObject({
      attempt: 3,
      durationMs: 90,
      model: 'claude-opus-5-5',
      statusCode: 403,
      hiddenRetries: 2,
    });
  });

  test('after retries nobody tells of counts those too', () => {
    const records = [errorLog({ attempt: 11 }), errorSpan({ attempt: 11 })];
    expect(totalsOf(sessionOf(...records))).toMatchObject({ errors: { total: 1 }, hiddenRetries: 10 });
  });
});

describe('the totals of its metrics', () => {
  const point = { ...base, model: 'claude-opus-5-5', query_source: 'main' };

  test.each([
    [1, 'add'],
    [2, 'set'],
  ] as const)('of temporality %s are to be %sed', (temporality, mode) => {
    const mapped = claude.createMapper().metric(sum('claude_code.cost.usage', temporality, 0.25, point));
    expect(mapped.sessionId).toBe('s1');
    expect(mapped.events).toMatchObject([
      { kind: 'usage_total', measure: 'usd', value: 0.25, mode, role: 'main', model: 'claude-opus-5-5' },
    ]);
  });

  test.each([
    ['input', 'input'],
    ['output', 'output'],
    ['cacheRead', 'cache_read'],
    ['cacheCreation', 'cache_write'],
  ])('%s tokens are %s', (type, measure) => {
    const { events: told } = claude
      .createMapper()
      .metric(sum('claude_code.token.usage', 2, 7, { ...point, type }));
    expect(told).toMatchObject([{ measure, value: 7 }]);
  });

  test.each([
    ['main', 'main'],
    ['subagent', 'subagent'],
    ['auxiliary', 'utility'],
    [undefined, 'main'],
  ])('of %s are those of %s', (source, role) => {
    const { events: told } = claude
      .createMapper()
      .metric(sum('claude_code.cost.usage', 2, 1, { ...point, query_source: source }));
    expect(told).toMatchObject([{ role }]);
  });

  test.each([
    ['another metric', sum('claude_code.session.count', 2, 1, point)],
    ['another kind of tokens', sum('claude_code.token.usage', 2, 1, { ...point, type: 'new' })],
    ['no session', sum('claude_code.cost.usage', 2, 1, { model: 'x' })],
    ['no sum', { name: 'claude_code.cost.usage', gauge: { dataPoints: [] } }],
  ])('are nothing: %s', (_, metric) => {
    expect(claude.createMapper().metric(metric).events).toEqual([]);
  });

  test('see calls that leave no record of their own', () => {
    const mapper = claude.createMapper();
    const calls = [request(2000), llmSpan([1700, 2001])];
    const told = [
      ...events(mapper, ...calls),
      ...[
        sum('claude_code.cost.usage', 2, 0.0338736, point),
        sum('claude_code.cost.usage', 2, 0.01, { ...point, query_source: 'auxiliary' }),
        sum('claude_code.token.usage', 2, 1201, { ...point, type: 'input' }),
        sum('claude_code.token.usage', 2, 251, { ...point, type: 'output' }),
        sum('claude_code.token.usage', 2, 15_013, { ...point, type: 'cacheRead' }),
        sum('claude_code.token.usage', 2, 3007, { ...point, type: 'cacheCreation' }),
        sum('claude_code.token.usage', 2, 500, { ...point, type: 'input', query_source: 'auxiliary' }),
      ].flatMap((metric) => mapper.metric(metric).events),
    ];
    const { cost, models } = totalsOf(recorded(told).session);
    expect(cost).toEqual({
      usd: expect.closeTo(0.0438736, 12),
      source: 'reported',
      estimated: false,
      unpricedTokens: 0,
    });
    expect(
      models.map(({ role, llmCalls, unattributedTokens }) => [role, llmCalls, unattributedTokens]),
    ).toEqual([
      ['main', 1, 0],
      ['utility', 0, 500],
    ]);
  });

  test('exported again are the same totals', () => {
    const mapper = claude.createMapper();
    const told = [3, 3].flatMap(
      (value) => mapper.metric(sum('claude_code.cost.usage', 2, value, point)).events,
    );
    expect(totalsOf(recorded(told).session).cost.usd).toBe(3);
  });

  test('of a resumed session begin again and add up', () => {
    const mapper = claude.createMapper();
    const before = sum('claude_code.cost.usage', 2, 3, point);
    const after = sum('claude_code.cost.usage', 2, 1, point);
    for (const data of after.sum?.dataPoints ?? []) data.startTimeUnixNano = 9000;
    const told = [before, after].flatMap((metric) => mapper.metric(metric).events);
    expect(totalsOf(recorded(told).session).cost.usd).toBe(4);
  });
});

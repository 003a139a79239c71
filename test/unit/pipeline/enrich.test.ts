import { describe, expect, test } from 'vitest';
import type { KeyValue } from '../../../src/otlp/types.ts';
import { enrichLog, enrichMetricResource, enrichResource, enrichSpan } from '../../../src/pipeline/enrich.ts';
import type { AgentEvent } from '../../../src/session/event.ts';
import { runAttributes } from '../../support/run-attributes.ts';
import { list, resource } from '../providers/records.ts';
import {
  call,
  decision,
  failure,
  onlyCall,
  prompt,
  recorded,
  toolCall,
  turnEnd,
  usage,
} from '../session/events.ts';
import { plain } from './plain.ts';

const run = runAttributes({ cliVersion: '0.169.0', tags: { team: 'red' } });

describe('a resource', () => {
  test('gets the one shape, and keeps the native name beside', () => {
    const native = resource({ 'service.name': 'codex_exec', 'service.version': '0.1', 'os.type': 'linux' });
    enrichResource(native, run);
    expect(plain(native.attributes)).toEqual({
      'service.name': 'codex',
      'service.version': '0.169.0',
      'os.type': 'linux',
      'ai_trace.native.service.name': 'codex_exec',
      'service.namespace': 'ai-trace',
      'ai_trace.run.id': 'run-1',
      team: 'red',
    });
  });

  test('whose name is right already has no native one', () => {
    const native = resource({ 'service.name': 'codex' });
    enrichResource(native, run);
    expect(plain(native.attributes)).not.toHaveProperty(['ai_trace.native.service.name']);
  });

  test('without a name gets one', () => {
    const native = resource({});
    enrichResource(native, run);
    expect(plain(native.attributes)).toMatchObject({ 'service.name': 'codex' });
  });

  test('keeps its own version when none is known better', () => {
    const native = resource({ 'service.version': '0.1' });
    enrichResource(native, { ...run, cliVersion: null });
    expect(plain(native.attributes)).toMatchObject({ 'service.version': '0.1' });
  });

  test('of metrics has the instance, the others do not', () => {
    const native = resource({ 'service.name': 'codex' });
    enrichResource(native, run);
    expect(plain(native.attributes)).not.toHaveProperty(['service.instance.id']);
    enrichMetricResource(native, run);
    expect(plain(native.attributes)).toMatchObject({ 'service.instance.id': 'run-1' });
  });
});

function logOf(event: AgentEvent, own: KeyValue[] = []) {
  const recorder = recorded([event]);
  const known = event.kind === 'llm_call' ? recorder.session.llmCalls.get(event.callId) : undefined;
  enrichLog(own, [event], () => known, run);
  return plain(own);
}

describe('a log', () => {
  test('of an LLM call has its tokens and its cost', () => {
    const told = call({
      responseModel: 'model-a-001',
      responseId: 'req_1',
      usage: usage({ cacheReadTokens: 60, cacheWriteTokens: 30, reasoningTokens: 5 }),
    });
    expect(logOf(told)).toEqual({
      'ai_trace.event.name': 'llm_call',
      'gen_ai.provider.name': 'openai',
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'model-a',
      'gen_ai.response.model': 'model-a-001',
      'gen_ai.response.id': 'req_1',
      'ai_trace.call.role': 'main',
      'gen_ai.usage.input_tokens': 'int 100',
      'gen_ai.usage.output_tokens': 'int 10',
      'gen_ai.usage.cache_read.input_tokens': 'int 60',
      'gen_ai.usage.cache_creation.input_tokens': 'int 30',
      'gen_ai.usage.reasoning.output_tokens': 'int 5',
      'gen_ai.usage.cost_usd': 'double 0.11',
      'gen_ai.usage.cost': 'double 0.11',
      'cost.estimated': false,
      'ai_trace.cost.source': 'computed',
    });
  });

  test('of a call without a price has no cost, rather than none to pay', () => {
    const unpriced = call();
    const own: KeyValue[] = [];
    const known = onlyCall(recorded([unpriced], () => null));
    enrichLog(own, [unpriced], () => known, run);
    const keys = Object.keys(plain(own));
    expect(keys).toContain('gen_ai.usage.input_tokens');
    expect(keys.filter((key) => key.includes('cost'))).toEqual([]);
  });

  test('of a call whose thoughts are not told apart does not say there were none', () => {
    expect(logOf(call())).not.toHaveProperty(['gen_ai.usage.reasoning.output_tokens']);
  });

  test('of a call that costs nothing says so', () => {
    expect(logOf(call({ reportedUsd: 0 }))).toMatchObject({
      'gen_ai.usage.cost_usd': 'double 0',
      'ai_trace.cost.source': 'reported',
    });
  });

  test('of a failed attempt has its class', () => {
    expect(logOf(failure({ model: 'model-a', statusCode: 429 }))).toEqual({
      'ai_trace.event.name': 'llm_error',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'error.type': 'rate_limit',
      'ai_trace.call.role': 'main',
      'gen_ai.request.model': 'model-a',
      'http.response.status_code': 'int 429',
    });
  });

  test('of a failed attempt has our class in the place of the CLI’s', () => {
    expect(logOf(failure(), list({ 'error.type': 'ApiError' }))).toMatchObject({
      'error.type': 'rate_limit',
    });
  });

  test.each([
    ['a tool that ran', toolCall(), 'tool_result', undefined],
    ['a tool that failed', toolCall({ success: false }), 'tool_result', 'tool_error'],
    ['a decision', decision({ accepted: false }), 'tool_decision', undefined],
  ])('of %s has the tool', (_, event, name, errorType) => {
    expect(logOf(event)).toEqual({
      'ai_trace.event.name': name,
      'gen_ai.tool.name': 'shell',
      'gen_ai.tool.call.id': 'tool-1',
      ...(errorType && { 'error.type': errorType }),
    });
  });

  test.each([
    [prompt(), { 'ai_trace.event.name': 'user_prompt' }],
    [{ kind: 'turn_cost', sessionId: 's', turnId: 't', usd: 1 }, { 'ai_trace.event.name': 'turn_cost' }],
    [{ kind: 'session', sessionId: 's', helper: false }, {}],
    [{ kind: 'cli', version: '1' }, {}],
    [{ kind: 'approval_wait', sessionId: 's', startedAt: 1, endedAt: 2 }, {}],
    [turnEnd(), {}],
  ] satisfies [AgentEvent, object][])('of another kind has its name or nothing: %j', (event, expected) => {
    expect(logOf(event)).toEqual(expected);
  });

  test('keeps what it has', () => {
    expect(logOf(prompt(), list({ 'event.name': 'codex.user_prompt' }))).toEqual({
      'event.name': 'codex.user_prompt',
      'ai_trace.event.name': 'user_prompt',
    });
  });
});

describe('a native span', () => {
  const spanOf = (kind: Parameters<typeof enrichSpan>[1], ...events: AgentEvent[]) => {
    const own: KeyValue[] = [];
    enrichSpan(own, kind, events, run);
    return plain(own);
  };

  test('of an LLM call has its kind and its model, and no money: that is on the log', () => {
    expect(spanOf('LLM', call())).toEqual({
      'openinference.span.kind': 'LLM',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-a',
      'ai_trace.call.role': 'main',
    });
  });

  test('of a failed attempt has its class', () => {
    expect(spanOf('LLM', failure())).toMatchObject({
      'openinference.span.kind': 'LLM',
      'error.type': 'rate_limit',
    });
  });

  test('of a tool has its kind and its name', () => {
    expect(spanOf('TOOL', toolCall({ success: false }))).toEqual({
      'openinference.span.kind': 'TOOL',
      'gen_ai.tool.name': 'shell',
      'error.type': 'tool_error',
    });
  });

  test('of a turn has its kind', () => {
    expect(spanOf('AGENT', turnEnd())).toEqual({ 'openinference.span.kind': 'AGENT' });
  });

  test('that is none of these stays as it is, though it tells of one', () => {
    expect(spanOf(undefined, toolCall())).toEqual({});
  });
});

import { describe, expect, test } from 'vitest';
import type { RunAttributes } from '../../../../src/pipeline/enrich.ts';
import { spanText } from '../../../../src/pipeline/unified/span-attributes.ts';
import type { AgentEvent, LlmCallEvent } from '../../../../src/session/event.ts';
import { OpenItems } from '../../../../src/session/spans/open-items.ts';
import { spanTree } from '../../../../src/session/spans/tree.ts';
import { runAttributes } from '../../../support/run-attributes.ts';
import { call, decision, failure, prompt, recorded, toolCall, turnEnd, usage } from '../../session/events.ts';
import { plain } from '../plain.ts';

const subagent = (name?: string): AgentEvent => ({
  kind: 'subagent',
  sessionId: 's',
  agentId: 'a',
  startedBy: 'tool-1',
  ...(name !== undefined && { name }),
});
const closedAt = 9000;

/** What the span with this key says at the end of a session; without content where the run does not say otherwise. */
function spanOf(key: string, events: readonly AgentEvent[], run: Partial<RunAttributes> = {}) {
  const node = spanTree(new OpenItems(recorded(events)).all(), closedAt).find((each) => each.key === key);
  if (!node) throw new Error(`no span ${key}`);
  const { attributes, ...rest } = spanText(node, runAttributes(run), 'api');
  return { ...rest, attributes: plain(attributes) };
}

const fullCall: Partial<LlmCallEvent> = {
  usage: usage({ cacheReadTokens: 40, cacheWriteTokens: 20, reasoningTokens: 4 }),
  responseModel: 'model-a-2026',
  responseId: 'resp-1',
  finishReason: 'stop',
  reasoningLevel: 'high',
  timeToFirstChunkMs: 250,
  tier: 'fast',
  hiddenRetries: 2,
  reportedUsd: 0.5,
  input: 'my question',
  output: 'my answer',
};

describe('the span of a call', () => {
  test('carries all that is known of it, for each reader in its own words', () => {
    const told = spanOf('llm|call-1', [prompt(), call(fullCall)]);
    expect(told).toMatchObject({ name: 'chat model-a', isClient: true, errorType: null });
    expect(told.attributes).toEqual({
      'openinference.span.kind': 'LLM',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-a',
      'gen_ai.response.model': 'model-a-2026',
      'gen_ai.response.id': 'resp-1',
      'gen_ai.response.finish_reasons': null,
      'gen_ai.request.reasoning.level': 'high',
      'gen_ai.response.time_to_first_chunk': 'double 0.25',
      'http.request.resend_count': 'int 2',
      'gen_ai.usage.input_tokens': 'int 100',
      'gen_ai.usage.output_tokens': 'int 10',
      'gen_ai.usage.cache_read.input_tokens': 'int 40',
      'gen_ai.usage.cache_creation.input_tokens': 'int 20',
      'gen_ai.usage.reasoning.output_tokens': 'int 4',
      'gen_ai.usage.cost': 'double 0.5',
      'gen_ai.usage.cost_usd': 'double 0.5',
      'cost.estimated': false,
      'llm.model_name': 'model-a',
      'llm.provider': 'openai',
      'llm.system': 'openai',
      'llm.token_count.prompt': 'int 100',
      'llm.token_count.completion': 'int 10',
      'llm.token_count.total': 'int 110',
      'llm.token_count.prompt_details.cache_read': 'int 40',
      'llm.token_count.prompt_details.cache_write': 'int 20',
      'llm.token_count.completion_details.reasoning': 'int 4',
      'llm.cost.total': 'double 0.5',
      'ai_trace.call.role': 'main',
      'ai_trace.call.tier': 'fast',
      'ai_trace.cost.source': 'reported',
      'ai_trace.cost.billing': 'api',
    });
  });

  test('names the operation and the provider of its CLI', () => {
    const gemini = { operationName: 'generate_content', genAiProvider: 'gcp.gemini', vendor: 'google' };
    expect(spanOf('llm|call-1', [call()], gemini).attributes).toMatchObject({
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gcp.gemini',
      'llm.provider': 'google',
    });
  });

  test('tells no price that is not known, and no count that is not told', () => {
    const [node] = spanTree(new OpenItems(recorded([call()], () => null)).all(), closedAt);
    if (!node) throw new Error('no span');
    const attributes = plain(spanText(node, runAttributes(), 'unknown').attributes);
    expect(Object.keys(attributes).filter((key) => /cost(?!\.billing)|reasoning/.test(key))).toEqual([]);
    expect(attributes).toMatchObject({ 'llm.token_count.total': 'int 110' });
  });

  test('carries content where that may leave', () => {
    const { attributes } = spanOf('llm|call-1', [call(fullCall)], { withContent: true });
    expect(attributes).toMatchObject({
      'input.value': 'my question',
      'input.mime_type': 'text/plain',
      'output.value': 'my answer',
      'output.mime_type': 'text/plain',
      'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"my question"}]}]',
      'gen_ai.output.messages': '[{"role":"assistant","parts":[{"type":"text","content":"my answer"}]}]',
    });
  });
});

describe('the span of a failed attempt', () => {
  test('is an LLM span that spent nothing', () => {
    const error = failure({ errorId: 'e', model: 'model-a', statusCode: 429, attempt: 3 });
    const told = spanOf('error|e', [prompt(), error]);
    expect(told).toMatchObject({ name: 'chat model-a', isClient: true, errorType: 'rate_limit' });
    expect(told.attributes).toEqual({
      'openinference.span.kind': 'LLM',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'model-a',
      'llm.model_name': 'model-a',
      'ai_trace.call.role': 'main',
      'error.type': 'rate_limit',
      'http.response.status_code': 'int 429',
      'http.request.resend_count': 'int 2',
    });
  });

  test('of which the model is not known says so', () => {
    const told = spanOf('error|e', [failure({ errorId: 'e' })]);
    expect(told.name).toBe('chat unknown');
    expect(told.attributes).not.toHaveProperty('gen_ai.request.model');
  });
});

describe('the span of a tool', () => {
  const full = toolCall({
    success: false,
    exitCode: 2,
    failure: 'ShellError',
    mcpServer: 'files',
    arguments: '{"command":"ls"}',
    result: 'no such folder',
  });

  test('carries what is known of it', () => {
    const told = spanOf('tool|tool-1', [prompt(), decision({ byPerson: true }), full]);
    expect(told).toMatchObject({ name: 'execute_tool shell', isClient: false, errorType: 'tool_error' });
    expect(told.attributes).toEqual({
      'openinference.span.kind': 'TOOL',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'shell',
      'gen_ai.tool.call.id': 'tool-1',
      'gen_ai.tool.type': 'function',
      'tool.name': 'shell',
      'tool.id': 'tool-1',
      'ai_trace.tool.mcp_server': 'files',
      'ai_trace.tool.decision': 'accept',
      'ai_trace.tool.decided_by': 'person',
      'ai_trace.tool.failure': 'ShellError',
      'process.exit.code': 'int 2',
      'error.type': 'tool_error',
    });
  });

  test('carries content where that may leave', () => {
    expect(spanOf('tool|tool-1', [prompt(), full], { withContent: true }).attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"command":"ls"}',
      'tool.parameters': '{"command":"ls"}',
      'input.value': '{"command":"ls"}',
      'input.mime_type': 'application/json',
      'gen_ai.tool.call.result': 'no such folder',
      'output.value': 'no such folder',
      'output.mime_type': 'text/plain',
    });
  });

  test('that was refused has not failed', () => {
    const refused = decision({ accepted: false, byPerson: false });
    const told = spanOf('tool|tool-1', [prompt(), refused, toolCall({ success: false })]);
    expect(told.errorType).toBeNull();
    expect(told.attributes).toMatchObject({
      'ai_trace.tool.decision': 'reject',
      'ai_trace.tool.decided_by': 'rule',
    });
    expect(told.attributes).not.toHaveProperty('error.type');
  });

  test('that was broken off says so', () => {
    const { attributes } = spanOf('tool|tool-1', [prompt(), decision()]);
    expect(attributes).toMatchObject({ 'ai_trace.cut_off': true });
  });

  test('that other code called names the call around it', () => {
    const outer = toolCall({ callId: 'outer', durationMs: 2000, endedAt: 5000, nesting: 'container' });
    const { attributes } = spanOf('tool|tool-1', [prompt(), toolCall({ nesting: 'nested' }), outer]);
    expect(attributes).toMatchObject({ 'ai_trace.tool.parent_call_id': 'outer' });
  });
});

describe('the span of a wait', () => {
  const wait: AgentEvent = { kind: 'approval_wait', sessionId: 's', startedAt: 2000, endedAt: 3000 };

  test('names the tool that waited', () => {
    const told = spanOf('wait|tool-1|2000', [prompt(), toolCall(), { ...wait, callId: 'tool-1' }]);
    expect(told).toMatchObject({ name: 'approval_wait', isClient: false, errorType: null });
    expect(told.attributes).toMatchObject({
      'openinference.span.kind': 'CHAIN',
      'gen_ai.tool.name': 'shell',
      'gen_ai.tool.call.id': 'tool-1',
    });
    expect(told.attributes).not.toHaveProperty('gen_ai.operation.name');
  });

  test('of no known tool names none', () => {
    expect(spanOf('wait||2000', [prompt(), wait]).attributes).toEqual({ 'openinference.span.kind': 'CHAIN' });
  });
});

describe('the span of a sub-agent', () => {
  const inside = [call({ callId: 'c', agentId: 'a', role: 'subagent', reportedUsd: 0.25 })];

  test('names it and what its calls cost, but no tokens and no model', () => {
    const told = spanOf('agent|a', [prompt(), toolCall(), subagent('Explore'), ...inside]);
    expect(told).toMatchObject({ name: 'invoke_agent Explore', isClient: false, errorType: null });
    expect(told.attributes).toEqual({
      'openinference.span.kind': 'AGENT',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'Explore',
      'gen_ai.agent.id': 'a',
      'ai_trace.turn.cost_usd': 'double 0.25',
    });
  });

  test('has a name also when none is told', () => {
    expect(spanOf('agent|a', [prompt(), toolCall(), subagent()]).name).toBe('invoke_agent subagent');
  });
});

describe('the span of a compaction', () => {
  const compaction: AgentEvent = { kind: 'compaction', sessionId: 's', startedAt: 2000, endedAt: 3000 };

  test('says why it was made and what it came to', () => {
    const told = spanOf('compaction|2000', [
      prompt(),
      { ...compaction, trigger: 'auto', tokensBefore: 9000, tokensAfter: 1000, success: true },
    ]);
    expect(told).toEqual({
      name: 'compact',
      isClient: false,
      errorType: null,
      attributes: {
        'openinference.span.kind': 'CHAIN',
        'ai_trace.compaction.trigger': 'auto',
        'ai_trace.compaction.tokens_before': 'int 9000',
        'ai_trace.compaction.tokens_after': 'int 1000',
      },
    });
  });

  test('that failed says so', () => {
    const told = spanOf('compaction|2000', [prompt(), { ...compaction, success: false }]);
    expect(told.errorType).toBe('unknown');
    expect(spanOf('compaction|2000', [prompt(), compaction]).errorType).toBeNull();
  });
});

describe('the span of a turn', () => {
  const asked = prompt({ text: 'my plan' });

  test('says what it cost and how long it waited, but no tokens and no model', () => {
    const told = spanOf('root', [
      asked,
      call({ reportedUsd: 0.25, output: 'done' }),
      call({ callId: 'title', role: 'utility', reportedUsd: 0.5, output: 'a title' }),
      failure({ at: 1500 }),
      { kind: 'approval_wait', sessionId: 's', startedAt: 2000, endedAt: 2300 },
      { kind: 'approval_wait', sessionId: 's', startedAt: 2200, endedAt: 2400 },
      turnEnd(),
    ]);
    expect(told).toMatchObject({ name: 'invoke_agent codex', isClient: false, errorType: null });
    expect(told.attributes).toEqual({
      'openinference.span.kind': 'AGENT',
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'codex',
      'ai_trace.turn.index': 'int 1',
      'ai_trace.turn.kind': 'human',
      'ai_trace.turn.cost_usd': 'double 0.75',
      'ai_trace.turn.wait_ms': 'int 400',
      'ai_trace.error.count': 'int 1',
    });
  });

  test('that no person asked for says so', () => {
    expect(spanOf('root', [prompt({ author: 'synthetic' })]).attributes).toMatchObject({
      'ai_trace.turn.kind': 'synthetic',
    });
  });

  test.each<[string, AgentEvent[], string | null]>([
    ['had no answer', [failure({ at: 1500, type: 'auth' })], 'auth'],
    ['had an answer in the end', [failure({ at: 1500 }), call({ endedAt: 2000 })], null],
    ['had a failure after the answer', [call({ endedAt: 2000 }), failure({ at: 2500 })], 'rate_limit'],
    ['had a failing helper', [call({ endedAt: 2000 }), failure({ at: 2500, role: 'utility' })], null],
    [
      'had a title but no answer',
      [failure({ at: 1500, type: 'server' }), call({ endedAt: 2000, role: 'utility' })],
      'server',
    ],
    ['had nothing at all', [], null],
  ])('that %s', (_, events, errorType) => {
    const told = spanOf('root', [asked, ...events]);
    expect(told.errorType).toBe(errorType);
    expect(told.attributes['error.type']).toBe(errorType ?? undefined);
  });

  test('carries content where that may leave: the prompt and the last answer to the person', () => {
    const events = [
      asked,
      call({ callId: 'one', endedAt: 2000, output: 'let me see' }),
      call({ callId: 'two', endedAt: 3000, output: '[1, 2]' }),
      call({ callId: 'title', endedAt: 4000, role: 'utility', output: 'a title' }),
    ];
    expect(spanOf('root', events, { withContent: true }).attributes).toMatchObject({
      'input.value': 'my plan',
      'input.mime_type': 'text/plain',
      'output.value': '[1, 2]',
      'output.mime_type': 'application/json',
    });
  });

  test('carries the last answer in time, in whichever order they came', () => {
    const events = [
      asked,
      call({ callId: 'two', endedAt: 3000, output: 'done' }),
      call({ callId: 'one', endedAt: 2000, output: 'let me see' }),
    ];
    const { attributes } = spanOf('root', events, { withContent: true });
    expect(attributes['output.value']).toBe('done');
  });

  test('failed as its last failure in time did, in whichever order they came', () => {
    const failures = [
      failure({ errorId: 'b', at: 1900, type: 'server' }),
      failure({ errorId: 'a', at: 1500, type: 'rate_limit' }),
    ];
    expect(spanOf('root', [asked, ...failures]).errorType).toBe('server');
  });
});

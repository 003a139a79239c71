import { randomUUID } from 'node:crypto';
import type { Usage } from '../../../src/session/usage.ts';
import type { AnswerStep, RefusalStep, ToolCall } from './script.ts';

/** The numbers of a Responses API `usage`, without its nesting. */
export interface OpenAiUsage {
  /** Includes the cached and the written ones. */
  input_tokens: number;
  cached_tokens: number;
  cache_write_tokens: number;
  /** Includes reasoning. */
  output_tokens: number;
  reasoning_tokens: number;
}

/** What a call costs unless its step says otherwise. */
export const openAiUsage: Readonly<OpenAiUsage> = {
  input_tokens: 1200,
  cached_tokens: 1024,
  cache_write_tokens: 17,
  output_tokens: 77,
  reasoning_tokens: 33,
};

/** What a title thread costs. */
export const titleUsage: Readonly<OpenAiUsage> = {
  input_tokens: 311,
  cached_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 9,
  reasoning_tokens: 0,
};

export type ResponseEvent = { type: string } & Record<string, unknown>;

/** The stream of one finished response. `usage: null` is what the prewarm of a WebSocket gets. */
export function responseEvents(items: readonly object[], usage: OpenAiUsage | null): ResponseEvent[] {
  const id = `resp_${randomUUID()}`;
  const completed = { id, status: 'completed', usage: usage && wireUsage(usage), output: [] };
  return [
    { type: 'response.created', response: { id } },
    ...items.flatMap(itemEvents),
    { type: 'response.completed', response: completed },
  ];
}

/** The output items of a step: a message, or one item for each tool call. */
export function outputItems(step: AnswerStep<OpenAiUsage>): object[] {
  return step.kind === 'text' ? [message(step.text)] : step.calls.map(toolItem);
}

function message(text: string) {
  return {
    type: 'message',
    id: `msg_${randomUUID()}`,
    // Codex logs the text of final answers only (codex.agent_response).
    phase: 'final_answer',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text, annotations: [] }],
  };
}

/** An object as input makes a function call, a string a call of a custom (free-form) tool. */
function toolItem({ namespace, name, input }: ToolCall): object {
  const call_id = `call_${randomUUID()}`;
  return typeof input === 'string'
    ? { type: 'custom_tool_call', id: `ctc_${randomUUID()}`, call_id, name, input, status: 'completed' }
    : {
        type: 'function_call',
        id: `fc_${randomUUID()}`,
        call_id,
        ...(namespace && { namespace }),
        name,
        arguments: JSON.stringify(input),
        status: 'completed',
      };
}

function itemEvents(item: object, index: number): ResponseEvent[] {
  const events: ResponseEvent[] = [{ type: 'response.output_item.added', output_index: index, item }];
  if ('content' in item) {
    const { id, content } = item as ReturnType<typeof message>;
    for (const { text } of content) {
      events.push({
        type: 'response.output_text.delta',
        item_id: id,
        output_index: index,
        content_index: 0,
        delta: text,
      });
    }
  }
  events.push({ type: 'response.output_item.done', output_index: index, item });
  return events;
}

function wireUsage(usage: OpenAiUsage) {
  return {
    input_tokens: usage.input_tokens,
    input_tokens_details: {
      cached_tokens: usage.cached_tokens,
      cache_write_tokens: usage.cache_write_tokens,
    },
    output_tokens: usage.output_tokens,
    output_tokens_details: { reasoning_tokens: usage.reasoning_tokens },
    total_tokens: usage.input_tokens + usage.output_tokens,
  };
}

/** Body of a refusal, the same over HTTP and in a WebSocket error frame. */
export function errorBody(step: RefusalStep) {
  const known = errors[step.status] ?? { type: 'invalid_request_error', code: 'invalid_request_error' };
  const code = step.code ?? known.code;
  return { error: { message: step.message ?? `mock refusal: ${code}`, type: known.type, code, param: null } };
}

const errors: Record<number, { type: string; code: string }> = {
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  403: { type: 'invalid_request_error', code: 'unsupported_country_region_territory' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
  500: { type: 'server_error', code: 'server_error' },
  503: { type: 'server_error', code: 'server_is_overloaded' },
};

/** In our convention: OpenAI's counts follow it already. */
export function toUsage(usage: OpenAiUsage): Usage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cached_tokens,
    cacheWriteTokens: usage.cache_write_tokens,
    cacheWrite1hTokens: null,
    reasoningTokens: usage.reasoning_tokens,
  };
}

import { randomUUID } from 'node:crypto';
import type { Usage } from '../../../src/session/usage.ts';
import type { AnswerStep, RefusalStep } from './script.ts';

/** The numbers of a Messages API `usage`, without its nesting and the sum of the cache writes. */
export interface AnthropicUsage {
  /** Neither read from nor written to the cache. */
  input_tokens: number;
  cache_read_input_tokens: number;
  ephemeral_5m_input_tokens: number;
  ephemeral_1h_input_tokens: number;
  output_tokens: number;
}

/** What a call costs unless its step says otherwise. */
export const anthropicUsage: Readonly<AnthropicUsage> = {
  input_tokens: 1201,
  cache_read_input_tokens: 15013,
  ephemeral_5m_input_tokens: 1003,
  ephemeral_1h_input_tokens: 2004,
  output_tokens: 251,
};

/** What a title, a permission check or a summary costs. */
export const utilityUsage: Readonly<AnthropicUsage> = {
  input_tokens: 307,
  cache_read_input_tokens: 0,
  ephemeral_5m_input_tokens: 0,
  ephemeral_1h_input_tokens: 0,
  output_tokens: 11,
};

export type MessageEvent = { type: string } & Record<string, unknown>;

/** The stream of one message. */
export function messageEvents(
  step: AnswerStep<AnthropicUsage>,
  usage: AnthropicUsage,
  model: string,
): MessageEvent[] {
  const { content, stop_reason, usage: wire, ...head } = message(step, usage, model);
  const start = { ...head, content: [], stop_reason: null, usage: { ...wire, output_tokens: 1 } };
  return [
    { type: 'message_start', message: start },
    ...content.flatMap(blockEvents),
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: wire },
    { type: 'message_stop' },
  ];
}

/** The same message in one piece. */
export function message(step: AnswerStep<AnthropicUsage>, usage: AnthropicUsage, model: string) {
  return {
    id: `msg_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model,
    content: step.kind === 'text' ? [textBlock(step.text)] : step.calls.map(toolBlock),
    stop_reason: step.kind === 'text' ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: wireUsage(usage),
  };
}

type Block = ReturnType<typeof textBlock> | ReturnType<typeof toolBlock>;

function textBlock(text: string) {
  return { type: 'text' as const, text };
}

function toolBlock({ name, input }: { name: string; input: unknown }) {
  return { type: 'tool_use' as const, id: `toolu_${randomUUID()}`, name, input };
}

function blockEvents(block: Block, index: number): MessageEvent[] {
  const [empty, delta] =
    block.type === 'text'
      ? [
          { ...block, text: '' },
          { type: 'text_delta', text: block.text },
        ]
      : [
          { ...block, input: {} },
          { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
        ];
  return [
    { type: 'content_block_start', index, content_block: empty },
    { type: 'content_block_delta', index, delta },
    { type: 'content_block_stop', index },
  ];
}

function wireUsage(usage: AnthropicUsage) {
  const { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens, ...rest } = usage;
  return {
    ...rest,
    cache_creation_input_tokens: ephemeral_5m_input_tokens + ephemeral_1h_input_tokens,
    cache_creation: { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens },
    service_tier: 'standard',
  };
}

export function errorBody({ status, code, message: text }: RefusalStep, requestId: string) {
  const type = code ?? errorTypes[status] ?? 'api_error';
  return { type: 'error', error: { type, message: text ?? `mock refusal: ${type}` }, request_id: requestId };
}

const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** In our convention: everything that was read is input. */
export function toUsage(usage: AnthropicUsage): Usage {
  const written = usage.ephemeral_5m_input_tokens + usage.ephemeral_1h_input_tokens;
  return {
    inputTokens: usage.input_tokens + usage.cache_read_input_tokens + written,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens,
    cacheWriteTokens: written,
    cacheWrite1hTokens: usage.ephemeral_1h_input_tokens,
    reasoningTokens: null,
  };
}

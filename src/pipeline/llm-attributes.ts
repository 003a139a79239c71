import { setAttribute } from '../otlp/attributes.ts';
import type { KeyValue } from '../otlp/types.ts';
import type { LlmErrorEvent } from '../session/event.ts';
import type { LlmCall } from '../session/session.ts';
import type { RunAttributes } from './enrich.ts';

/**
 * What is known of an LLM call, in the names of the GenAI conventions (facts/attributes.md §2): the same on its log and on its
 * span. `gen_ai.usage.cost` is what Langfuse reads, `gen_ai.usage.cost_usd` what our queries are written for.
 */
export function setLlmCall(attributes: KeyValue[], call: LlmCall, run: RunAttributes): void {
  const { usage, cost } = call;
  setModel(attributes, call, run);
  if (call.responseModel) setAttribute(attributes, 'gen_ai.response.model', call.responseModel);
  if (call.responseId) setAttribute(attributes, 'gen_ai.response.id', call.responseId);
  if (call.finishReason) {
    setAttribute(attributes, 'gen_ai.response.finish_reasons', { strings: [call.finishReason] });
  }
  if (call.reasoningLevel) setAttribute(attributes, 'gen_ai.request.reasoning.level', call.reasoningLevel);
  if (call.timeToFirstChunkMs !== undefined) {
    const seconds = call.timeToFirstChunkMs / 1000;
    setAttribute(attributes, 'gen_ai.response.time_to_first_chunk', { double: seconds });
  }
  if (call.tier) setAttribute(attributes, 'ai_trace.call.tier', call.tier);
  setAttribute(attributes, 'gen_ai.usage.input_tokens', { int: usage.inputTokens });
  setAttribute(attributes, 'gen_ai.usage.output_tokens', { int: usage.outputTokens });
  setAttribute(attributes, 'gen_ai.usage.cache_read.input_tokens', { int: usage.cacheReadTokens });
  setAttribute(attributes, 'gen_ai.usage.cache_creation.input_tokens', { int: usage.cacheWriteTokens });
  if (usage.reasoningTokens !== null) {
    setAttribute(attributes, 'gen_ai.usage.reasoning.output_tokens', { int: usage.reasoningTokens });
  }
  setRetries(attributes, undefined, call.hiddenRetries);
  // A silent $0 would be a lie.
  if (cost.unpricedTokens > 0) return;
  setAttribute(attributes, 'gen_ai.usage.cost_usd', { double: cost.usd });
  setAttribute(attributes, 'gen_ai.usage.cost', { double: cost.usd });
  setAttribute(attributes, 'cost.estimated', cost.estimated);
  setAttribute(attributes, 'ai_trace.cost.source', cost.source);
}

/** What is known of a failed attempt, on its log and on its span. */
export function setLlmError(
  attributes: KeyValue[],
  error: Omit<LlmErrorEvent, 'kind'>,
  run: RunAttributes,
): void {
  setModel(attributes, error, run);
  setAttribute(attributes, 'error.type', error.type);
  if (error.statusCode !== undefined) {
    setAttribute(attributes, 'http.response.status_code', { int: error.statusCode });
  }
  setRetries(attributes, error.attempt, error.hiddenRetries);
}

function setModel(
  attributes: KeyValue[],
  { model, role }: { model?: string; role: LlmCall['role'] },
  run: RunAttributes,
): void {
  setAttribute(attributes, 'gen_ai.operation.name', run.operationName);
  setAttribute(attributes, 'gen_ai.provider.name', run.genAiProvider);
  if (model) setAttribute(attributes, 'gen_ai.request.model', model);
  setAttribute(attributes, 'ai_trace.call.role', role);
}

/** `http.request.resend_count` counts the attempts before this one (HTTP semantic conventions). */
function setRetries(attributes: KeyValue[], attempt: number | undefined, hidden: number | undefined): void {
  const before = attempt === undefined ? hidden : attempt - 1;
  if (before) setAttribute(attributes, 'http.request.resend_count', { int: before });
}

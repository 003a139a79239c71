import { setAttribute } from '../../otlp/attributes.ts';
import type { KeyValue } from '../../otlp/types.ts';
import type { Totals } from '../../session/totals.ts';
import type { RunAttributes } from '../enrich.ts';

/** How a run ended. Times are Unix ms. */
export interface Ended {
  startedAt: number;
  endedAt: number;
  exit: { code: number | null; signal: string | null };
  totals: Totals;
}

/**
 * The figures of the whole session, the same on its span and on its summary event. Not in the names of the GenAI conventions:
 * readers would add them to those of the calls.
 */
export function sessionAttributes(
  { totals, exit, startedAt, endedAt }: Ended,
  run: RunAttributes,
): KeyValue[] {
  const attributes: KeyValue[] = [];
  const { usage, cost, timing, errors } = totals;
  const int = (name: string, value: number) =>
    setAttribute(attributes, `ai_trace.session.${name}`, { int: Math.round(value) });
  setAttribute(attributes, 'gen_ai.agent.name', run.serviceName);
  if (run.parentRunId !== null) setAttribute(attributes, 'ai_trace.parent.run_id', run.parentRunId);
  int('turns', totals.turns);
  int('llm_calls', totals.llmCalls);
  int('tool_calls', totals.toolCalls);
  int('input_tokens', usage.inputTokens);
  int('output_tokens', usage.outputTokens);
  int('cache_read_tokens', usage.cacheReadTokens);
  int('cache_write_tokens', usage.cacheWriteTokens);
  if (usage.reasoningTokens !== null) int('reasoning_tokens', usage.reasoningTokens);
  setAttribute(attributes, 'ai_trace.session.cost_usd', { double: cost.usd });
  setAttribute(attributes, 'ai_trace.cost.source', cost.source);
  setAttribute(attributes, 'cost.estimated', cost.estimated);
  if (cost.unpricedTokens > 0) int('unpriced_tokens', cost.unpricedTokens);
  int('duration_ms', endedAt - startedAt);
  int('llm_ms', timing.llmMs);
  int('tool_ms', timing.toolMs);
  int('waiting_ms', timing.waitingMs);
  setAttribute(attributes, 'ai_trace.error.count', { int: errors.total });
  if (errors.last) setAttribute(attributes, 'ai_trace.session.last_error', errors.last.type);
  if (exit.code !== null) setAttribute(attributes, 'process.exit.code', { int: exit.code });
  if (exit.signal !== null) setAttribute(attributes, 'ai_trace.session.exit_signal', exit.signal);
  return attributes;
}

/** Did the CLI end as it should? */
export function isFailed({ exit }: Ended): boolean {
  // Neither is known of a run that was finished later.
  return exit.signal !== null || (exit.code ?? 0) !== 0;
}

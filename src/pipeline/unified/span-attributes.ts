import { setAttribute } from '../../otlp/attributes.ts';
import type { KeyValue } from '../../otlp/types.ts';
import { sumCosts } from '../../session/cost.ts';
import { coveredMs } from '../../session/interval.ts';
import type { LlmCall, ToolCall } from '../../session/session.ts';
import type { SpanNode, SpanSubject } from '../../session/spans/span.ts';
import type { RunAttributes } from '../enrich.ts';
import { setLlmCall, setLlmError } from '../llm-attributes.ts';
import { setContent } from './span-content.ts';

type Subject<K extends SpanSubject['kind']> = SpanSubject & { kind: K };

/** What a span is called and what it carries, in the names of facts/attributes.md §2. */
export interface SpanText {
  name: string;
  /** A request to a server; everything else is done by the CLI itself. */
  isClient: boolean;
  /** `error.type` where it failed. */
  errorType: string | null;
  attributes: KeyValue[];
}

/** @param billing as of now: the CLI tells it once, at its start */
export function spanText(node: SpanNode, run: RunAttributes, billing: string): SpanText {
  const attributes: KeyValue[] = [];
  const own = ownText(node.subject, attributes, run, billing);
  if (own.errorType !== null) setAttribute(attributes, 'error.type', own.errorType);
  if (node.cutOff) setAttribute(attributes, 'ai_trace.cut_off', true);
  if (run.withContent) setContent(attributes, node.subject);
  return { isClient: false, ...own, attributes };
}

type OwnText = Pick<SpanText, 'name' | 'errorType'> & { isClient?: boolean };

function ownText(subject: SpanSubject, attributes: KeyValue[], run: RunAttributes, billing: string): OwnText {
  switch (subject.kind) {
    case 'turn':
      return turnText(subject, attributes, run);
    case 'llm_call': {
      const { call } = subject;
      setKind(attributes, 'LLM');
      setLlmCall(attributes, call, run);
      setOpenInference(attributes, call, run);
      setAttribute(attributes, 'ai_trace.cost.billing', billing);
      return { name: `chat ${call.model}`, isClient: true, errorType: null };
    }
    case 'llm_error': {
      const { error } = subject;
      setKind(attributes, 'LLM');
      setLlmError(attributes, error, run);
      if (error.model) setAttribute(attributes, 'llm.model_name', error.model);
      return { name: `chat ${error.model ?? 'unknown'}`, isClient: true, errorType: error.type };
    }
    case 'tool_call':
      return toolText(subject, attributes);
    case 'approval_wait':
      setKind(attributes, 'CHAIN');
      if (subject.tool) setTool(attributes, subject.tool);
      return { name: 'approval_wait', errorType: null };
    case 'subagent': {
      const { agent, calls } = subject;
      const name = agent.name ?? 'subagent';
      setKind(attributes, 'AGENT');
      setAttribute(attributes, 'gen_ai.operation.name', 'invoke_agent');
      setAttribute(attributes, 'gen_ai.agent.name', name);
      setAttribute(attributes, 'gen_ai.agent.id', agent.agentId);
      setCost(attributes, calls);
      return { name: `invoke_agent ${name}`, errorType: null };
    }
    case 'compaction': {
      const { trigger, tokensBefore, tokensAfter, success } = subject.compaction;
      setKind(attributes, 'CHAIN');
      if (trigger) setAttribute(attributes, 'ai_trace.compaction.trigger', trigger);
      if (tokensBefore !== undefined)
        setAttribute(attributes, 'ai_trace.compaction.tokens_before', { int: tokensBefore });
      if (tokensAfter !== undefined)
        setAttribute(attributes, 'ai_trace.compaction.tokens_after', { int: tokensAfter });
      return { name: 'compact', errorType: success === false ? 'unknown' : null };
    }
  }
}

function turnText(
  { turn, calls, errors, waits }: Subject<'turn'>,
  attributes: KeyValue[],
  run: RunAttributes,
) {
  setKind(attributes, 'AGENT');
  setAttribute(attributes, 'gen_ai.operation.name', 'invoke_agent');
  setAttribute(attributes, 'gen_ai.agent.name', run.serviceName);
  setAttribute(attributes, 'ai_trace.turn.index', { int: turn.index });
  setAttribute(attributes, 'ai_trace.turn.kind', turn.prompt.author === 'person' ? 'human' : 'synthetic');
  setCost(attributes, calls);
  setAttribute(attributes, 'ai_trace.turn.wait_ms', { int: Math.round(coveredMs(waits)) });
  setAttribute(attributes, 'ai_trace.error.count', { int: errors.length });
  // The person got no answer when the last thing that the model did was to fail.
  const answeredAt = Math.max(...calls.filter(({ role }) => role === 'main').map(({ endedAt }) => endedAt));
  const failure = errors.findLast(({ role, at }) => role === 'main' && at > answeredAt);
  return { name: `invoke_agent ${run.serviceName}`, errorType: failure?.type ?? null };
}

function toolText({ tool, parentCallId }: Subject<'tool_call'>, attributes: KeyValue[]): OwnText {
  setKind(attributes, 'TOOL');
  setAttribute(attributes, 'gen_ai.operation.name', 'execute_tool');
  setTool(attributes, tool);
  if (parentCallId !== null) setAttribute(attributes, 'ai_trace.tool.parent_call_id', parentCallId);
  if (tool.exitCode !== undefined) setAttribute(attributes, 'process.exit.code', { int: tool.exitCode });
  if (tool.failure) setAttribute(attributes, 'ai_trace.tool.failure', tool.failure);
  const failed = tool.success === false && !tool.rejected;
  return { name: `execute_tool ${tool.name}`, errorType: failed ? 'tool_error' : null };
}

function setTool(attributes: KeyValue[], tool: ToolCall): void {
  setAttribute(attributes, 'gen_ai.tool.name', tool.name);
  setAttribute(attributes, 'gen_ai.tool.call.id', tool.callId);
  setAttribute(attributes, 'gen_ai.tool.type', 'function');
  // The names of OpenInference.
  setAttribute(attributes, 'tool.name', tool.name);
  setAttribute(attributes, 'tool.id', tool.callId);
  if (tool.mcpServer) setAttribute(attributes, 'ai_trace.tool.mcp_server', tool.mcpServer);
  if (tool.decidedBy === undefined) return;
  setAttribute(attributes, 'ai_trace.tool.decision', tool.rejected ? 'reject' : 'accept');
  setAttribute(attributes, 'ai_trace.tool.decided_by', tool.decidedBy);
}

/** The same figures once more, in the names that Phoenix reads. */
function setOpenInference(attributes: KeyValue[], { model, usage, cost }: LlmCall, run: RunAttributes): void {
  setAttribute(attributes, 'llm.model_name', model);
  setAttribute(attributes, 'llm.provider', run.vendor);
  setAttribute(attributes, 'llm.system', run.vendor);
  setAttribute(attributes, 'llm.token_count.prompt', { int: usage.inputTokens });
  setAttribute(attributes, 'llm.token_count.completion', { int: usage.outputTokens });
  setAttribute(attributes, 'llm.token_count.total', { int: usage.inputTokens + usage.outputTokens });
  setAttribute(attributes, 'llm.token_count.prompt_details.cache_read', { int: usage.cacheReadTokens });
  setAttribute(attributes, 'llm.token_count.prompt_details.cache_write', { int: usage.cacheWriteTokens });
  if (usage.reasoningTokens !== null) {
    setAttribute(attributes, 'llm.token_count.completion_details.reasoning', { int: usage.reasoningTokens });
  }
  if (cost.unpricedTokens === 0) setAttribute(attributes, 'llm.cost.total', { double: cost.usd });
}

/** How OpenInference, and Langfuse with it, tells the kinds apart. */
export function setKind(attributes: KeyValue[], kind: 'AGENT' | 'LLM' | 'TOOL' | 'CHAIN'): void {
  setAttribute(attributes, 'openinference.span.kind', kind);
}

/** Together; what has no price is told beside, not as nothing to pay. */
function setCost(attributes: KeyValue[], calls: readonly LlmCall[]): void {
  const { usd, unpricedTokens } = sumCosts(calls.map(({ cost }) => cost));
  setAttribute(attributes, 'ai_trace.turn.cost_usd', { double: usd });
  if (unpricedTokens > 0) setAttribute(attributes, 'ai_trace.turn.unpriced_tokens', { int: unpricedTokens });
}

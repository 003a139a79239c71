import { setAttribute, text } from '../otlp/attributes.ts';
import type { KeyValue, Resource } from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';
import type { LlmCall } from '../session/session.ts';

/** What is the same for everything one run forwards. */
export interface RunAttributes {
  runId: string;
  serviceName: string;
  genAiProvider: string;
  /** The CLI's version, when it is known better than its telemetry says. */
  cliVersion: string | null;
  tags: Readonly<Record<string, string>>;
  /** Where the session ran; each part is null where git does not tell it. */
  git: { repository: string | null; branch: string | null; commit: string | null } | null;
}

/** Gives a resource the one shape of design.md §5; the CLI's own service name is kept beside. */
export function enrichResource(resource: Resource, run: RunAttributes): void {
  const { attributes } = resource;
  const native = text(attributes, 'service.name');
  if (native !== undefined && native !== run.serviceName) {
    setAttribute(attributes, 'ai_trace.native.service.name', native);
  }
  setAttribute(attributes, 'service.name', run.serviceName);
  setAttribute(attributes, 'service.namespace', 'ai-trace');
  if (run.cliVersion !== null) setAttribute(attributes, 'service.version', run.cliVersion);
  setAttribute(attributes, 'ai_trace.run.id', run.runId);
  const { repository = null, branch = null, commit = null } = run.git ?? {};
  if (repository !== null) setAttribute(attributes, 'vcs.repository.name', repository);
  if (branch !== null) setAttribute(attributes, 'vcs.ref.head.name', branch);
  if (commit !== null) setAttribute(attributes, 'vcs.ref.head.revision', commit);
  for (const [key, value] of Object.entries(run.tags)) setAttribute(attributes, key, value);
}

/**
 * The instance tells the counters of concurrent runs apart; of logs and spans it would be an index label in
 * Loki.
 */
export function enrichMetricResource(resource: Resource, run: RunAttributes): void {
  setAttribute(resource.attributes, 'service.instance.id', run.runId);
}

/**
 * Adds to a log record what its event means, in the names of attributes.md, with the figures that the session
 * holds.
 */
export function enrichLog(
  attributes: KeyValue[],
  event: AgentEvent,
  call: LlmCall | undefined,
  run: RunAttributes,
): void {
  const name = eventNames[event.kind];
  if (name !== undefined) setAttribute(attributes, 'ai_trace.event.name', name);
  if (event.kind === 'llm_call' && call) {
    setAttribute(attributes, 'gen_ai.provider.name', run.genAiProvider);
    callAttributes(attributes, call);
  }
  if (event.kind === 'llm_error') errorAttributes(attributes, event);
  if (event.kind === 'tool_call' || event.kind === 'tool_decision') {
    setAttribute(attributes, 'gen_ai.tool.name', event.name);
    setAttribute(attributes, 'gen_ai.tool.call.id', event.callId);
  }
  if (event.kind === 'tool_call' && event.success === false)
    setAttribute(attributes, 'error.type', 'tool_error');
}

/** Spans keep their native form here; cost and tokens are on the log of the same call, once. */
export function enrichSpan(attributes: KeyValue[], event: AgentEvent, run: RunAttributes): void {
  switch (event.kind) {
    case 'llm_call':
      setAttribute(attributes, 'openinference.span.kind', 'LLM');
      setAttribute(attributes, 'gen_ai.provider.name', run.genAiProvider);
      setAttribute(attributes, 'gen_ai.request.model', event.model);
      setAttribute(attributes, 'ai_trace.call.role', event.role);
      break;
    case 'llm_error':
      setAttribute(attributes, 'openinference.span.kind', 'LLM');
      setAttribute(attributes, 'gen_ai.provider.name', run.genAiProvider);
      errorAttributes(attributes, event);
      break;
    case 'tool_call':
      setAttribute(attributes, 'openinference.span.kind', 'TOOL');
      setAttribute(attributes, 'gen_ai.tool.name', event.name);
      break;
  }
}

const eventNames: Readonly<Partial<Record<AgentEvent['kind'], string>>> = {
  prompt: 'user_prompt',
  llm_call: 'llm_call',
  llm_error: 'llm_error',
  tool_call: 'tool_result',
  tool_decision: 'tool_decision',
  turn_cost: 'turn_cost',
};

function callAttributes(attributes: KeyValue[], call: LlmCall): void {
  const { usage, cost } = call;
  setAttribute(attributes, 'gen_ai.operation.name', 'chat');
  setAttribute(attributes, 'gen_ai.request.model', call.model);
  if (call.responseModel) setAttribute(attributes, 'gen_ai.response.model', call.responseModel);
  if (call.responseId) setAttribute(attributes, 'gen_ai.response.id', call.responseId);
  setAttribute(attributes, 'ai_trace.call.role', call.role);
  setAttribute(attributes, 'gen_ai.usage.input_tokens', { int: usage.inputTokens });
  setAttribute(attributes, 'gen_ai.usage.output_tokens', { int: usage.outputTokens });
  setAttribute(attributes, 'gen_ai.usage.cache_read.input_tokens', { int: usage.cacheReadTokens });
  setAttribute(attributes, 'gen_ai.usage.cache_creation.input_tokens', { int: usage.cacheWriteTokens });
  if (usage.reasoningTokens !== null) {
    setAttribute(attributes, 'gen_ai.usage.reasoning.output_tokens', { int: usage.reasoningTokens });
  }
  if (cost.unpricedTokens > 0) return;
  setAttribute(attributes, 'gen_ai.usage.cost_usd', { double: cost.usd });
  setAttribute(attributes, 'gen_ai.usage.cost', { double: cost.usd });
  setAttribute(attributes, 'cost.estimated', cost.estimated);
  setAttribute(attributes, 'ai_trace.cost.source', cost.source);
}

function errorAttributes(attributes: KeyValue[], event: AgentEvent & { kind: 'llm_error' }): void {
  setAttribute(attributes, 'error.type', event.type);
  setAttribute(attributes, 'ai_trace.call.role', event.role);
  if (event.model) setAttribute(attributes, 'gen_ai.request.model', event.model);
  if (event.statusCode !== undefined) {
    setAttribute(attributes, 'http.response.status_code', { int: event.statusCode });
  }
}

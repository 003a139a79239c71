import { setAttribute, text } from '../otlp/attributes.ts';
import type { KeyValue, Resource } from '../otlp/types.ts';
import type { AgentEvent } from '../session/event.ts';
import type { LlmCall } from '../session/session.ts';
import { mainEvent } from '../session/spans/span.ts';
import { setLlmCall, setLlmError } from './llm-attributes.ts';

/** What is the same for everything one run forwards. */
export interface RunAttributes {
  runId: string;
  /** The run whose CLI has started this one. */
  parentRunId: string | null;
  /** `codex`, `gemini` or `claude`. */
  provider: string;
  serviceName: string;
  genAiProvider: string;
  /** `gen_ai.operation.name` of an LLM call. */
  operationName: string;
  /** The maker of the models: `openai`, `anthropic`, `google`. */
  vendor: string;
  /** The CLI's version, when it is known better than its telemetry says. */
  cliVersion: string | null;
  tags: Readonly<Record<string, string>>;
  /** Where the session ran; null where it is not known or not to be told, as below. */
  git: { repository: string | null; branch: string | null; commit: string | null } | null;
  host: string | null;
  user: string | null;
  /** As Node names it. */
  platform: string;
  /** What was said and done may leave the machine. */
  withContent: boolean;
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
  setAttribute(attributes, 'os.type', osTypes[run.platform] ?? run.platform);
  if (run.host !== null) setAttribute(attributes, 'host.name', run.host);
  if (run.user !== null) setAttribute(attributes, 'user.name', run.user);
  for (const [key, value] of Object.entries(run.tags)) setAttribute(attributes, key, value);
}

/** Resource semantic conventions, `os.type`. */
const osTypes: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };

/**
 * The instance tells the counters of concurrent runs apart; of logs and spans it would be an index label in
 * Loki.
 */
export function enrichMetricResource(resource: Resource, run: RunAttributes): void {
  setAttribute(resource.attributes, 'service.instance.id', run.runId);
}

/**
 * Adds to a log record what its events mean, in the names of attributes.md, with the figures that the session holds.
 * @param callOf what is known of the call that an event tells of
 */
export function enrichLog(
  attributes: KeyValue[],
  events: readonly AgentEvent[],
  callOf: (event: AgentEvent) => LlmCall | undefined,
  run: RunAttributes,
): void {
  const main = mainEvent(events);
  const name = main && eventNames[main.kind];
  if (name !== undefined) setAttribute(attributes, 'ai_trace.event.name', name);
  for (const event of events) enrichLogBy(event, attributes, callOf(event), run);
}

function enrichLogBy(
  event: AgentEvent,
  attributes: KeyValue[],
  call: LlmCall | undefined,
  run: RunAttributes,
): void {
  if (event.kind === 'llm_call' && call) setLlmCall(attributes, call, run);
  if (event.kind === 'llm_error') setLlmError(attributes, event, run);
  if (event.kind === 'tool_call' || event.kind === 'tool_decision') {
    setAttribute(attributes, 'gen_ai.tool.name', event.name);
    setAttribute(attributes, 'gen_ai.tool.call.id', event.callId);
  }
  if (event.kind === 'tool_call' && event.success === false)
    setAttribute(attributes, 'error.type', 'tool_error');
}

/**
 * Adds to a native span what it is and what its events mean. Tokens and cost are on the log and the unified span of the same
 * call: a sum over all spans counts them once.
 */
export function enrichSpan(
  attributes: KeyValue[],
  kind: 'AGENT' | 'LLM' | 'TOOL' | undefined,
  events: readonly AgentEvent[],
  run: RunAttributes,
): void {
  if (kind === undefined) return;
  setAttribute(attributes, 'openinference.span.kind', kind);
  if (kind === 'LLM') setAttribute(attributes, 'gen_ai.provider.name', run.genAiProvider);
  for (const event of events) {
    if (kind === 'LLM' && event.kind === 'llm_call') {
      setAttribute(attributes, 'gen_ai.request.model', event.model);
      setAttribute(attributes, 'ai_trace.call.role', event.role);
    }
    if (kind === 'LLM' && event.kind === 'llm_error') setLlmError(attributes, event, run);
    if (kind === 'TOOL' && event.kind === 'tool_call') {
      setAttribute(attributes, 'gen_ai.tool.name', event.name);
      if (event.success === false) setAttribute(attributes, 'error.type', 'tool_error');
    }
  }
}

const eventNames: Readonly<Partial<Record<AgentEvent['kind'], string>>> = {
  prompt: 'user_prompt',
  llm_call: 'llm_call',
  llm_error: 'llm_error',
  tool_call: 'tool_result',
  tool_decision: 'tool_decision',
  subagent: 'subagent',
  compaction: 'compaction',
  turn_cost: 'turn_cost',
};

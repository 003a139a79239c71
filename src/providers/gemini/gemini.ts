import { num, text } from '../../otlp/attributes.ts';
import type { LogRecord, Resource, Span } from '../../otlp/types.ts';
import type { AgentEvent, Billing, Origin } from '../../session/event.ts';
import type { Mapped, Mapper, Provider } from '../provider.ts';
import { Calls } from './calls.ts';
import { geminiCli } from './cli.ts';
import { Compactions } from './compactions.ts';
import { Processes } from './processes.ts';
import { timeOf } from './records.ts';
import { type Joined, Schedules } from './schedules.ts';
import { Subagents } from './subagents.ts';
import { Turns } from './turns.ts';

/**
 * Google Gemini CLI. Facts: measured on 0.61.0; every rule below is from facts/gemini.md, section in
 * brackets.
 */
export const gemini: Provider = {
  ...geminiCli,
  // The user's OTEL_SERVICE_NAME replaces the service name; the scope stays.
  recognises: (serviceName, scopeName) => serviceName === 'gemini-cli' || scopeName === 'gemini-cli',
  createMapper: () => new GeminiMapper(),
};

class GeminiMapper implements Mapper {
  readonly #agents = new Subagents();
  readonly #calls = new Calls();
  readonly #tools = new Schedules();
  readonly #turns = new Turns();
  readonly #processes = new Processes();
  readonly #compactions = new Compactions();

  /** Logs are sent every 5 s [3], which cannot be set; spans every 200 ms (environment.ts). */
  get settleMs(): number {
    return this.#calls.owesLogs || this.#tools.owesLogs ? 5200 : 400;
  }

  resource(resource: Resource): AgentEvent[] {
    this.#processes.enter(resource);
    // service.version is the version of Node, and the CLI's own is in no field [5].
    return [];
  }

  log(record: LogRecord): Mapped {
    const sessionId = text(record.attributes, 'session.id');
    if (sessionId === undefined) return { sessionId, events: [] };
    this.#calls.logArrived(timeOf(record));
    const asides = this.#processes.seen(sessionId, timeOf(record));
    return { sessionId, events: this.#log(record, sessionId), ...(asides.length > 0 && { asides }) };
  }

  span(span: Span): Mapped {
    const sessionId = text(span.attributes, 'gen_ai.conversation.id');
    const spanKind = spanKinds[span.name ?? ''];
    return { sessionId, events: this.#span(span, sessionId), ...(spanKind && { spanKind }) };
  }

  metric(): Mapped {
    // Failed calls are counted twice and thoughts are left out: the logs tell everything better [5, 7].
    return { sessionId: undefined, events: [] };
  }

  finish(): AgentEvent[] {
    return [...this.#joined(this.#tools.finish()), ...this.#calls.finish(), ...this.#turns.finish()];
  }

  #log(record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    const promptId = text(attributes, 'prompt_id');
    const origin = this.#agents.originOf(record, sessionId, promptId);
    switch (text(attributes, 'event.name')) {
      case 'gemini_cli.config':
        return [
          { kind: 'session', sessionId, helper: this.#processes.isInner(sessionId) },
          { kind: 'cli', ...serviceOf(text(attributes, 'auth_type')) },
        ];
      case 'gemini_cli.user_prompt':
        this.#agents.prompted(sessionId, promptId);
        return [...this.#turns.prompted(sessionId, timeOf(record)), promptOf(record, origin)];
      case 'gemini_cli.api_request':
        this.#calls.requested(record, origin);
        this.#compactions.requested(record, origin);
        return [];
      case 'gemini_cli.api_response':
        return [this.#calls.answered(record, origin)];
      case 'gemini_cli.api_error':
        return [this.#calls.failed(record, origin)];
      case 'gemini_cli.chat.content_retry':
        return [emptyAnswer(record, this.#agents.within(record, sessionId))];
      case 'gemini_cli.tool_call':
        return this.#joined(this.#tools.log(record, { ...origin, ...this.#calls.askerOf(record) }));
      case 'gemini_cli.agent.start':
        return this.#agents.started(record, sessionId);
      case 'gemini_cli.agent.finish':
        return this.#agents.finished(record, sessionId);
      case 'gemini_cli.chat_compression':
        return [this.#compactions.compacted(record, sessionId)];
      default:
        return [];
    }
  }

  #span(span: Span, sessionId: string | undefined): AgentEvent[] {
    switch (span.name) {
      case 'user_prompt':
        return this.#turns.prompt(span, sessionId);
      case 'system_prompt':
        return this.#turns.followUp(span);
      case 'llm_call': {
        if (sessionId === undefined) return [];
        const promptId = text(span.attributes, 'gen_ai.prompt.name');
        return this.#calls.span(span, this.#agents.originOf(span, sessionId, promptId));
      }
      case 'tool_call':
        this.#tools.span(span);
        return [];
      case 'schedule_tool_calls':
        this.#turns.toolsRan(span);
        return this.#joined(this.#tools.over(span));
      case 'agent_call':
        return this.#agents.called(span);
      default:
        return [];
    }
  }

  #joined(tools: readonly Joined[]): AgentEvent[] {
    return tools.flatMap(({ events, spanId, callId }) => [
      ...events,
      ...(spanId && callId ? this.#agents.toolRan(spanId, callId) : []),
    ]);
  }
}

const spanKinds: Readonly<Record<string, Mapped['spanKind']>> = {
  user_prompt: 'AGENT',
  agent_call: 'AGENT',
  llm_call: 'LLM',
  tool_call: 'TOOL',
};

function promptOf(record: LogRecord, origin: Origin): AgentEvent {
  const asked = text(record.attributes, 'prompt');
  return { kind: 'prompt', author: 'person', ...origin, at: timeOf(record), ...(asked && { text: asked }) };
}

function emptyAnswer(record: LogRecord, origin: Origin): AgentEvent {
  const { attributes } = record;
  const attempt = num(attributes, 'attempt_number');
  const model = text(attributes, 'model');
  return {
    kind: 'llm_error',
    ...origin,
    errorId: `${origin.sessionId}|content_retry|${timeOf(record)}`,
    type: 'unknown',
    message: text(attributes, 'error_type') ?? 'empty answer',
    at: timeOf(record),
    role: origin.agentId === undefined ? 'main' : 'subagent',
    // They are counted from 0.
    ...(attempt !== undefined && { attempt: attempt + 1 }),
    ...(model && { model }),
  };
}

/** Who serves the models, and how that is paid. */
function serviceOf(authType: string | undefined): { billing: Billing; genAiProvider: string } {
  if (authType === 'gemini-api-key') return { billing: 'api', genAiProvider: 'gcp.gemini' };
  if (authType === 'vertex-ai') return { billing: 'api', genAiProvider: 'gcp.vertex_ai' };
  const billing = authType === 'oauth-personal' ? 'subscription' : 'unknown';
  return { billing, genAiProvider: 'gcp.gen_ai' };
}

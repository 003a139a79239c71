import { text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { LogRecord, Span } from '../../otlp/types.ts';
import type { AgentEvent, Origin } from '../../session/event.ts';
import { timeOf, traceOf } from './records.ts';

/**
 * Who did something: the person's conversation or a sub-agent. A sub-agent's prompt ids are `<agent id>#<turn>`
 * [6.1]; it works in the session, and in the turn, of the prompt that was given last.
 */
export class Subagents {
  /** Id of the latest prompt, by session. */
  readonly #prompts = new Map<string, string>();
  /** Where each was started, by agent id: all its records are of that turn. */
  readonly #owners = new Map<string, Origin>();
  /**
   * The three links of the chain from a sub-agent to the tool call that started it, each from a record of its
   * own [6.3].
   */
  readonly #agents = new Map<string, string>();
  readonly #toolSpans = new Map<string, string>();
  readonly #toolCalls = new Map<string, string>();

  prompted(sessionId: string, promptId: string | undefined): void {
    if (promptId !== undefined) this.#prompts.set(sessionId, promptId);
  }

  /** Whose record this is. @param promptId of the record */
  originOf(record: LogRecord | Span, sessionId: string, promptId: string | undefined): Origin {
    const agentId = promptId === sessionId ? undefined : agentIdIn(promptId);
    if (agentId === undefined)
      return { sessionId, ...(promptId && { turnKey: promptId }), ...traceOf(record) };
    return { ...this.#ownerOf(agentId, sessionId), ...traceOf(record), agentId };
  }

  /** Whose record this is that names no prompt: a sub-agent's when it was written within its `agent_call` span. */
  within(record: LogRecord, sessionId: string): Origin {
    const agentId = this.#agents.get(hex(record.spanId));
    if (agentId === undefined) return { sessionId, ...traceOf(record) };
    return { ...this.#ownerOf(agentId, sessionId), ...traceOf(record), agentId };
  }

  started(record: LogRecord, sessionId: string): AgentEvent[] {
    const agentId = text(record.attributes, 'agent_id');
    if (agentId === undefined) return [];
    const callSpan = hex(record.spanId);
    this.#owners.set(agentId, { ...this.#ownerOf(agentId, sessionId), ...traceOf(record) });
    this.#agents.set(callSpan, agentId);
    return [this.#event(record, agentId, sessionId, { startedAt: timeOf(record) }), ...this.#link(callSpan)];
  }

  finished(record: LogRecord, sessionId: string): AgentEvent[] {
    const agentId = text(record.attributes, 'agent_id');
    return agentId === undefined
      ? []
      : [this.#event(record, agentId, sessionId, { endedAt: timeOf(record) })];
  }

  /** The span of a sub-agent: a child of the tool call that started it. */
  called(span: Span): AgentEvent[] {
    const callSpan = hex(span.spanId);
    this.#toolSpans.set(callSpan, hex(span.parentSpanId));
    return this.#link(callSpan);
  }

  /** A tool call is known by its span. */
  toolRan(toolSpan: string, callId: string): AgentEvent[] {
    this.#toolCalls.set(toolSpan, callId);
    return [...this.#toolSpans].flatMap(([callSpan, parent]) =>
      parent === toolSpan ? this.#link(callSpan) : [],
    );
  }

  #link(callSpan: string): AgentEvent[] {
    const agentId = this.#agents.get(callSpan);
    const startedBy = this.#toolCalls.get(this.#toolSpans.get(callSpan) ?? '');
    const owner = this.#owners.get(agentId ?? '');
    if (agentId === undefined || startedBy === undefined || owner === undefined) return [];
    return [{ kind: 'subagent', ...owner, agentId, startedBy }];
  }

  #event(
    record: LogRecord,
    agentId: string,
    sessionId: string,
    time: { startedAt: number } | { endedAt: number },
  ): AgentEvent {
    const name = text(record.attributes, 'agent_name');
    return {
      kind: 'subagent',
      ...this.#ownerOf(agentId, sessionId),
      ...traceOf(record),
      agentId,
      ...(name && { name }),
      ...time,
    };
  }

  #ownerOf(agentId: string, sessionId: string): Origin {
    const turnKey = this.#prompts.get(sessionId);
    return this.#owners.get(agentId) ?? { sessionId, ...(turnKey && { turnKey }) };
  }
}

/** `-verify` and the like may follow. A prompt in a terminal is `<session>########<n>`. */
function agentIdIn(promptId: string | undefined): string | undefined {
  return /^([^#]+)#\d+(?:-|$)/.exec(promptId ?? '')?.[1];
}

import { flag, num, text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { LogRecord, Span } from '../../otlp/types.ts';
import type { Origin, SubagentEvent, UnixMs } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';

/** The span of a tool's execution. */
interface Execution extends Interval {
  callId: string;
  /** The session of the conversation it is in, or the agent. */
  conversation: string | undefined;
}

/** Two records of one moment may be this far apart, ms. */
const slackMs = 20;

/**
 * Sub-agents. What one does lies within the execution of the tool that started it: its logs carry that span's id, its spans
 * have it as their parent (facts/claude.md §5.2, §6). The execution names the tool call, and comes before all that (in the
 * background) or after it.
 */
export class ClaudeSubagents {
  readonly #agents = new Map<string, SubagentEvent>();
  /** By span. */
  readonly #executions = new Map<string, Execution>();
  /** Agents that did something within a span. */
  readonly #within = new Map<string, Set<string>>();

  /** A log that was written in a sub-agent. A tool's decision is no such log: its span is the wait. */
  log({ attributes, spanId }: LogRecord, origin: Origin, at: UnixMs): SubagentEvent[] {
    return this.#seen(origin, hex(spanId), at, text(attributes, 'agent.name'));
  }

  /** A span of what a sub-agent did. */
  span({ parentSpanId }: Span, origin: Origin, endedAt: UnixMs): SubagentEvent[] {
    return this.#seen(origin, hex(parentSpanId), endedAt, undefined);
  }

  execution({ attributes, spanId }: Span, origin: Origin, times: Interval): SubagentEvent[] {
    const callId = text(attributes, 'tool_use_id');
    const span = hex(spanId);
    if (callId === undefined || span === '') return [];
    const execution = { callId, conversation: text(attributes, 'gen_ai.conversation.id'), ...times };
    this.#executions.set(span, execution);
    return [...(this.#within.get(span) ?? [])].flatMap((agentId) =>
      this.#tell({ ...origin, agentId }, this.#startedBy(agentId, execution)),
    );
  }

  /** `subagent_completed`: written when it ends. */
  completed(record: LogRecord, origin: Origin, at: UnixMs): SubagentEvent[] {
    const { attributes } = record;
    const linked = this.log(record, origin, at);
    const { agentId } = origin;
    if (agentId === undefined) return [];
    const name = text(attributes, 'agent_type');
    const isAsync = flag(attributes, 'is_async');
    const durationMs = num(attributes, 'duration_ms');
    const told = this.#tell(
      { ...origin, agentId },
      {
        ...(name && { name }),
        ...(isAsync !== undefined && { isAsync }),
        ...(durationMs !== undefined && { startedAt: at - durationMs }),
        endedAt: at,
      },
    );
    // Each telling is whole: the last one says all.
    return told.length > 0 ? told : linked;
  }

  #seen(origin: Origin, span: string, at: UnixMs, name: string | undefined): SubagentEvent[] {
    const { agentId } = origin;
    if (agentId === undefined) return [];
    if (span !== '') this.#within.set(span, (this.#within.get(span) ?? new Set()).add(agentId));
    const execution = this.#executions.get(span);
    const link = execution && this.#startedBy(agentId, execution);
    // It has gone on after the tool had returned.
    const isAsync = link?.startedBy !== undefined && execution && at > execution.endedAt + slackMs;
    return this.#tell(
      { ...origin, agentId },
      { ...(name && { name }), ...link, ...(isAsync && { isAsync }) },
    );
  }

  /** Nothing where the execution is of a tool that the sub-agent itself uses, and that asks a model (`WebFetch`). */
  #startedBy(agentId: string, { callId, conversation, startedAt }: Execution): Partial<SubagentEvent> {
    if (conversation === agentId) return {};
    const known = this.#agents.get(agentId);
    // One that is spoken to again goes on within another tool; its own word on when it began is the more exact.
    return { startedBy: known?.startedBy ?? callId, startedAt: known?.startedAt ?? startedAt };
  }

  /** All that is known of it by now, if there is anything new. */
  #tell(origin: Origin & { agentId: string }, told: Partial<SubagentEvent>): SubagentEvent[] {
    const known = this.#agents.get(origin.agentId);
    const event: SubagentEvent = { kind: 'subagent', ...origin, ...known, ...told };
    const isNew = Object.entries(event).some(([key, value]) => known?.[key as keyof SubagentEvent] !== value);
    if (!isNew) return [];
    this.#agents.set(origin.agentId, event);
    return [event];
  }
}

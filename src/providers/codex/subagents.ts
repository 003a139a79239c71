import { text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { LogRecord } from '../../otlp/types.ts';
import type { AgentEvent, Origin, SubagentEvent, UnixMs } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';
import { timeOf } from './records.ts';

/**
 * Sub-agents: conversations of their own, known by the message that spawned them (seen on 0.169.0). They have no type, and
 * the names that the model makes up for them (`agent_name`) are content. Their ids are those of their conversations.
 */
export class Subagents {
  /** What is told first of each, by id: it belongs to the conversation that spawned it. */
  readonly #agents = new Map<string, SubagentEvent>();
  /** The last turn of any conversation: that one is a sub-agent's may be told later. */
  readonly #endedAt = new Map<string, UnixMs>();
  /** The message and the result of the tool that sent it are of one span, and come in either order. */
  readonly #spawnedIn = new Map<string, string>();
  readonly #callIn = new Map<string, string>();

  has(sessionId: string): boolean {
    return this.#agents.has(sessionId);
  }

  /** @param sender of the conversation that sent the message */
  message(record: LogRecord, sender: Origin): AgentEvent[] {
    const { attributes } = record;
    const agentId = text(attributes, 'receiver_thread_id');
    if (text(attributes, 'kind') !== 'spawn' || agentId === undefined) return [];
    const { agentId: _, ...owner } = sender;
    const agent: SubagentEvent = {
      kind: 'subagent',
      ...owner,
      agentId,
      isAsync: true,
      startedAt: timeOf(record),
    };
    this.#agents.set(agentId, agent);
    const spanId = hex(record.spanId);
    const startedBy = this.#callIn.get(spanId ?? '');
    const endedAt = this.#endedAt.get(agentId);
    if (spanId) this.#spawnedIn.set(spanId, agentId);
    return [
      { kind: 'session', sessionId: agentId, helper: true },
      {
        ...agent,
        ...(startedBy !== undefined && { startedBy }),
        ...(endedAt !== undefined && { endedAt }),
      },
    ];
  }

  toolResult(record: LogRecord): AgentEvent[] {
    const { attributes } = record;
    const spanId = hex(record.spanId);
    const callId = text(attributes, 'call_id');
    if (text(attributes, 'tool_name') === 'spawn_agent' && spanId && callId) {
      this.#callIn.set(spanId, callId);
      const spawned = this.#agents.get(this.#spawnedIn.get(spanId) ?? '');
      return spawned ? [{ ...spawned, startedBy: callId }] : [];
    }
    return [];
  }

  /** One of its turns is over; it may be given another. */
  turnEnded(sessionId: string, { endedAt }: Interval): AgentEvent[] {
    this.#endedAt.set(sessionId, endedAt);
    const agent = this.#agents.get(sessionId);
    return agent ? [{ ...agent, endedAt }] : [];
  }
}

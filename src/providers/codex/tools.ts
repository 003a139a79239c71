import { flag, num, text } from '../../otlp/attributes.ts';
import type { LogRecord, Span } from '../../otlp/types.ts';
import type {
  ApprovalWaitEvent,
  Origin,
  ToolCallEvent,
  ToolDecisionEvent,
  UnixMs,
} from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';
import { content, timeOf } from './records.ts';

/** Decisions: the span of a command ends with it, and few of them run at once. */
const remembered = 1000;

/** The tool calls of all conversations, joined by their call ids (facts/codex.md §6.2 and §6.3). */
export class Tools {
  readonly #decided = new Set<string>();
  /** Commands that were stopped, by call id, of which no decision is known. */
  readonly #undecided = new Map<string, ApprovalWaitEvent>();
  readonly #denied = new Set<string>();
  /** Conversations with nested tool calls whose enclosing code-mode call has not ended [6.3]. */
  readonly #nested = new Set<string>();

  decision(record: LogRecord, origin: Origin): ToolDecisionEvent {
    const { attributes } = record;
    const callId = text(attributes, 'call_id') ?? '';
    this.#decided.add(callId);
    const [oldest] = this.#decided;
    if (oldest !== undefined && this.#decided.size > remembered) this.#decided.delete(oldest);
    this.#undecided.delete(callId);
    return {
      kind: 'tool_decision',
      ...origin,
      callId,
      name: text(attributes, 'tool_name') ?? 'unknown',
      accepted: text(attributes, 'decision')?.startsWith('approved') ?? false,
      byPerson: text(attributes, 'source') === 'User',
      at: timeOf(record),
    };
  }

  sandboxOutcome({ attributes }: LogRecord): void {
    if (text(attributes, 'outcome') === 'denied') this.#denied.add(text(attributes, 'call_id') ?? '');
  }

  result(record: LogRecord, origin: Origin): ToolCallEvent {
    const { attributes } = record;
    const callId = text(attributes, 'call_id') ?? '';
    const name = text(attributes, 'tool_name') ?? 'unknown';
    const totalMs = num(attributes, 'duration_ms');
    const given = content(attributes, 'arguments');
    const result = content(attributes, 'output');
    const mcpServer = text(attributes, 'mcp_server');
    const exitCode = exitCodeIn(result);
    const isDenied = exitCode === undefined && this.#denied.has(callId);
    // `success` is true for any command that ran [6.2].
    const success = exitCode === undefined ? flag(attributes, 'success') && !isDenied : exitCode === 0;
    const nesting = this.#nesting(origin.sessionId, callId, name);
    return {
      kind: 'tool_call',
      ...origin,
      callId,
      name,
      ...(success !== undefined && { success }),
      ...(isDenied && { failure: 'sandbox_denied' }),
      ...(exitCode !== undefined && { exitCode }),
      endedAt: timeOf(record),
      ...(totalMs !== undefined && { totalMs }),
      ...(nesting && { nesting }),
      ...(mcpServer && { mcpServer }),
      ...(given !== undefined && { arguments: given }),
      ...(result !== undefined && { result }),
    };
  }

  /**
   * A command that a person was asked about and did not answer for: they stopped the turn instead, which leaves no decision
   * [5]. One that was allowed has a decision, which may arrive after its span.
   */
  commandSpan({ attributes }: Span, origin: Origin, time: Interval): void {
    const callId = text(attributes, 'call_id');
    const isOver = text(attributes, 'outcome') !== undefined;
    if (callId === undefined || isOver || this.#decided.has(callId)) return;
    this.#undecided.set(callId, { kind: 'approval_wait', ...origin, callId, ...time });
  }

  /** The waits for a person that no decision ended, once all records of that time have arrived. */
  unanswered(sessionId: string, until: UnixMs): ApprovalWaitEvent[] {
    const waits = [...this.#undecided.values()].filter(
      (wait) => wait.sessionId === sessionId && wait.endedAt <= until,
    );
    for (const { callId = '' } of waits) this.#undecided.delete(callId);
    return waits;
  }

  #nesting(sessionId: string, callId: string, name: string): ToolCallEvent['nesting'] {
    if (callId.startsWith('exec-')) {
      this.#nested.add(sessionId);
      return 'nested';
    }
    return name === 'exec' && this.#nested.delete(sessionId) ? 'container' : undefined;
  }
}

function exitCodeIn(output: string | undefined): number | undefined {
  const code = /^Process exited with code (-?\d+)$/m.exec(output ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
}

import { flag, num, text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { KeyValue, LogRecord, Span } from '../../otlp/types.ts';
import type {
  ApprovalWaitEvent,
  Origin,
  ToolCallEvent,
  ToolDecisionEvent,
  UnixMs,
} from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';
import { mcpServerOf, specificName, toolName } from './mcp.ts';
import { contentOf, isPerson } from './origin.ts';

interface Outcome {
  success?: boolean;
  failure?: string;
}

/** What the span of an execution tells: the exact times, but not the name of the tool. */
interface Execution extends Interval, Outcome {
  origin: Origin;
}

interface Asked {
  callId: string;
  origin: Origin;
}

/**
 * Tool calls. Two logs tell of each, the decision and the result, and three spans, the tool with the wait and the execution
 * in it (facts/claude.md §5.2); they come in any order and are joined by the id of the call.
 */
export class ClaudeTools {
  /** By call. */
  readonly #names = new Map<string, string>();
  readonly #executions = new Map<string, Execution>();
  /** Calls whose execution has come and whose tool span has not. */
  readonly #untold = new Set<string>();
  /** What a person was asked about, by span of the wait. */
  readonly #asked = new Map<string, Asked>();
  /** Waits of which the tool is not known yet, by their span, with the span of their tool. */
  readonly #waits = new Map<string, { toolSpan: string; wait: ApprovalWaitEvent }>();

  decision({ attributes, spanId }: LogRecord, origin: Origin, at: UnixMs) {
    const callId = callIdOf(attributes);
    const byPerson = isPerson(attributes);
    const decision: ToolDecisionEvent = {
      kind: 'tool_decision',
      ...origin,
      callId,
      name: this.#name(attributes),
      accepted: text(attributes, 'decision') !== 'reject',
      byPerson,
      at,
      ...askedBy(attributes),
    };
    const waitSpan = hex(spanId);
    if (!byPerson || !waitSpan) return [decision];
    const asked = { callId, origin };
    this.#asked.set(waitSpan, asked);
    return [...this.#release(asked, ([span]) => span === waitSpan), decision];
  }

  result({ attributes }: LogRecord, origin: Origin, at: UnixMs): ToolCallEvent {
    const callId = callIdOf(attributes);
    const name = this.#name(attributes);
    const execution = this.#executions.get(callId);
    const durationMs = num(attributes, 'duration_ms');
    const times = execution
      ? timesOf(execution)
      : { endedAt: at, ...(durationMs !== undefined && { durationMs }) };
    const given = contentOf(attributes, 'tool_input');
    return {
      ...toolCall({ ...origin, callId, name }, outcomeOf(attributes, 'error_type'), times),
      ...askedBy(attributes),
      ...(given !== undefined && { arguments: given }),
    };
  }

  /** It ends right before the span of its tool, which knows the name. */
  execution({ attributes }: Span, origin: Origin, times: Interval): void {
    const callId = text(attributes, 'tool_use_id');
    if (callId === undefined) return;
    this.#executions.set(callId, { origin, ...times, ...outcomeOf(attributes, 'error_class') });
    this.#untold.add(callId);
  }

  /** One that was refused has no execution, and nothing to tell. */
  tool({ attributes, events, spanId }: Span, origin: Origin): (ApprovalWaitEvent | ToolCallEvent)[] {
    const callId = callIdOf(attributes);
    const name = this.#name(attributes);
    const own = hex(spanId);
    const waits = this.#release({ callId, origin }, ([, { toolSpan }]) => own !== '' && toolSpan === own);
    const execution = this.#executions.get(callId);
    if (!execution) return waits;
    this.#untold.delete(callId);
    const output = events.find((event) => event.name === 'tool.output')?.attributes ?? [];
    // What a command said, what was read or written, what was changed [read in 2.1.329].
    const result = contentOf(output, 'output') ?? contentOf(output, 'content') ?? contentOf(output, 'diff');
    const told = executed(callId, name, execution, origin);
    return [...waits, { ...told, ...(result !== undefined && { result }) }];
  }

  /** Always there; only sometimes is it a person who was waited for (facts/claude.md §12). */
  wait({ attributes, spanId, parentSpanId }: Span, origin: Origin, times: Interval): ApprovalWaitEvent[] {
    if (!isPerson(attributes)) return [];
    const wait: ApprovalWaitEvent = { kind: 'approval_wait', ...origin, ...times };
    const own = hex(spanId);
    this.#waits.set(own, { toolSpan: hex(parentSpanId), wait });
    const asked = this.#asked.get(own);
    return asked ? this.#release(asked, ([span]) => span === own) : [];
  }

  /** What is left: waits of tools that never came, executions whose tool span never came. */
  finish(): (ApprovalWaitEvent | ToolCallEvent)[] {
    const waits = [...this.#waits.values()].map(({ wait }) => wait);
    const tools = [...this.#untold].flatMap((callId) => {
      const execution = this.#executions.get(callId);
      return execution
        ? [executed(callId, this.#names.get(callId) ?? 'unknown', execution, execution.origin)]
        : [];
    });
    return [...waits, ...tools];
  }

  #release(
    { callId, origin }: Asked,
    isWanted: (held: [string, { toolSpan: string }]) => boolean,
  ): ApprovalWaitEvent[] {
    const held = [...this.#waits].filter(isWanted);
    for (const [span] of held) this.#waits.delete(span);
    return held.map(([, { wait }]) => ({ ...wait, ...origin, callId }));
  }

  #name(attributes: KeyValue[]): string {
    const callId = callIdOf(attributes);
    const name = specificName(this.#names.get(callId), toolName(attributes));
    this.#names.set(callId, name);
    return name;
  }
}

function callIdOf(attributes: KeyValue[]): string {
  return text(attributes, 'tool_use_id') ?? '';
}

/** `callId` of an LLM call is its request id. */
function askedBy(attributes: KeyValue[]): { askedBy?: string } {
  const requestId = text(attributes, 'request_id');
  return requestId ? { askedBy: requestId } : {};
}

/** The class of a failure stands under another key in each record. */
function outcomeOf(attributes: KeyValue[], failureKey: string): Outcome {
  const success = flag(attributes, 'success');
  const failure = text(attributes, failureKey);
  return { ...(success !== undefined && { success }), ...(failure && { failure }) };
}

function toolCall(
  call: Origin & Pick<ToolCallEvent, 'callId' | 'name'>,
  { success, failure }: Outcome,
  times: Pick<ToolCallEvent, 'endedAt' | 'durationMs'>,
): ToolCallEvent {
  return {
    kind: 'tool_call',
    ...call,
    ...(success !== undefined && { success }),
    ...(failure && { failure }),
    ...mcpServerOf(call.name),
    ...times,
  };
}

function executed(callId: string, name: string, execution: Execution, origin: Origin): ToolCallEvent {
  return toolCall({ ...origin, callId, name }, execution, timesOf(execution));
}

function timesOf({ startedAt, endedAt }: Interval) {
  return { endedAt, durationMs: endedAt - startedAt };
}

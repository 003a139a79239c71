import { flag, num, text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { KeyValue, LogRecord, Span } from '../../otlp/types.ts';
import type { AgentEvent, Origin, ToolCallEvent, ToolDecisionEvent, UnixMs } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';
import { intervalOf, timeOf, traceOf } from './records.ts';
import { exitCodeIn, resultIn } from './results.ts';

/** What the log of a tool call is about: where, who asked for it, and the id we give it, as it has none. */
export type ToolOrigin = Origin & { callId: string; name: string; askedBy?: string };

/** What a tool's log tells. `totalMs` is execution and approval wait together [5]. */
export type ToolLog =
  | { kind: 'ran'; event: ToolCallEvent; totalMs: number; interactive: boolean; decision: string }
  /** It could not be started, and nothing else tells of it. */
  | { kind: 'failed'; event: ToolCallEvent }
  | { kind: 'rejected'; event: ToolDecisionEvent; totalMs: number };

export type RanTool = ToolLog & { kind: 'ran' };
export type RejectedTool = ToolLog & { kind: 'rejected' };

/** What a tool's span tells: execution alone. All that is read of it, as its content may be taken out later. */
export interface ToolSpan extends Interval {
  spanId: string;
  traceId?: string;
  name: string;
  /**
   * Which of the calls of its answer it is, where the call id tells: the CLI's own ids end in it, the API's may
   * not.
   */
  number: number;
  result?: string;
}

export function toolLogOf(record: LogRecord, of: ToolOrigin): ToolLog {
  const { attributes } = record;
  const decision = text(attributes, 'decision');
  const totalMs = num(attributes, 'duration_ms') ?? 0;
  const interactive = flag(attributes, 'interactive') === true;
  if (isRejected(attributes)) {
    const byPerson = interactive && decision === 'reject';
    const event = { kind: 'tool_decision', ...of, accepted: false, byPerson, at: timeOf(record) } as const;
    return { kind: 'rejected', event, totalMs };
  }
  const success = flag(attributes, 'success');
  const event: ToolCallEvent = {
    kind: 'tool_call',
    ...of,
    ...(success !== undefined && { success }),
    endedAt: timeOf(record),
    durationMs: totalMs,
    ...detailsIn(attributes),
  };
  // Without a decision it failed before there was anything to decide.
  return decision === undefined
    ? { kind: 'failed', event }
    : { kind: 'ran', event, totalMs, interactive, decision };
}

export function toolSpanOf(span: Span): ToolSpan | undefined {
  const { attributes } = span;
  const time = intervalOf(span);
  const name = text(attributes, 'gen_ai.tool.name');
  if (time === undefined || name === undefined) return undefined;
  const number = Number(/\d+$/.exec(text(attributes, 'gen_ai.tool.call_id') ?? '')?.[0] ?? 0);
  const result = resultIn(text(attributes, 'gen_ai.output.messages'));
  return { ...time, ...traceOf(span), spanId: hex(span.spanId), name, number, ...(result && { result }) };
}

/** A person takes longer than this to answer; below it the difference is the CLI's own bookkeeping. ms */
const shortestWait = 100;

/**
 * What log and span of a tool call tell together: it was decided on, it ran, and a person may have been waited
 * for.
 */
export function runOf({ event, totalMs, interactive, decision }: RanTool, span: ToolSpan): AgentEvent[] {
  const { startedAt, endedAt, result } = span;
  const { callId, name, askedBy } = event;
  const traceId = event.traceId ?? span.traceId;
  const origin = { ...originOf(event), ...(traceId && { traceId }) };
  const durationMs = endedAt - startedAt;
  const hasWaited = interactive && totalMs - durationMs >= shortestWait;
  // `accept` is the word for a rule's decision too [6.4].
  const byPerson = interactive && (hasWaited || decision !== 'accept');
  const decided: AgentEvent = {
    kind: 'tool_decision',
    ...origin,
    callId,
    name,
    ...(askedBy && { askedBy }),
    accepted: true,
    byPerson,
    at: startedAt,
  };
  const ran: AgentEvent = { ...event, ...origin, durationMs, endedAt, ...(result && { result }) };
  const waited: AgentEvent = {
    kind: 'approval_wait',
    ...origin,
    callId,
    startedAt: endedAt - totalMs,
    endedAt: startedAt,
  };
  return hasWaited ? [decided, ran, waited] : [decided, ran];
}

/**
 * A tool that was rejected never ran: all of its time was the wait [6.3]. Its log is written when the tools
 * beside it have run, so its time counts from the beginning of them all.
 */
export function rejectionOf({ event, totalMs }: RejectedTool, scheduledAt: UnixMs | undefined): AgentEvent[] {
  if (!event.byPerson) return [event];
  const startedAt = scheduledAt ?? event.at - totalMs;
  const endedAt = startedAt + totalMs;
  const waited = { kind: 'approval_wait', ...originOf(event), callId: event.callId } as const;
  return [
    { ...event, at: endedAt },
    { ...waited, startedAt, endedAt },
  ];
}

/** By a person, by a rule, or left out when the one before it was rejected. What failed to start says why. */
function isRejected(attributes: KeyValue[]): boolean {
  const decision = text(attributes, 'decision');
  const failure = failureIn(attributes);
  if (decision !== undefined) return decision === 'reject';
  return flag(attributes, 'success') === false && (failure === undefined || failure === 'policy_violation');
}

function failureIn(attributes: KeyValue[]): string | undefined {
  return text(attributes, 'error_type') ?? text(attributes, 'error.type');
}

function detailsIn(attributes: KeyValue[]) {
  const failure = failureIn(attributes);
  const mcpServer = text(attributes, 'mcp_server_name');
  const given = text(attributes, 'function_args');
  const exitCode = exitCodeIn(text(attributes, 'metadata'));
  return {
    ...(failure && { failure }),
    ...(mcpServer && { mcpServer }),
    ...(given && { arguments: given }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

function originOf({ sessionId, turnKey, traceId, agentId }: Origin): Origin {
  return {
    sessionId,
    ...(turnKey && { turnKey }),
    ...(traceId && { traceId }),
    ...(agentId && { agentId }),
  };
}

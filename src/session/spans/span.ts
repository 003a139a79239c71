import type { AgentEvent, UnixMs } from '../event.ts';
import type { Compaction, LlmCall, LlmError, Subagent, ToolCall, Wait } from '../session.ts';
import type { PromptedTurn } from '../turns.ts';

/** Where a span is: the turn it belongs to (null: the session itself) and its key there. */
export interface SpanPlace {
  turn: PromptedTurn | null;
  key: string;
}

/** What a span tells of; calls and errors of a turn in order of time. */
export type SpanSubject =
  | { kind: 'turn'; turn: PromptedTurn; calls: LlmCall[]; errors: LlmError[]; waits: Wait[] }
  | { kind: 'llm_call'; call: LlmCall }
  | { kind: 'llm_error'; error: LlmError }
  | { kind: 'tool_call'; tool: ToolCall; parentCallId: string | null }
  | { kind: 'approval_wait'; wait: Wait; tool: ToolCall | null }
  | { kind: 'subagent'; agent: Subagent; calls: LlmCall[] }
  | { kind: 'compaction'; compaction: Compaction };

/** One span of the unified trace, before it has ids and attributes. */
export interface SpanNode extends SpanPlace {
  /** Key of the parent; null: the root of its turn or session. */
  parent: string | null;
  startedAt: UnixMs;
  endedAt: UnixMs;
  /** Its end never came. */
  cutOff: boolean;
  /** Nothing that is still to come can change it. */
  isFinal: boolean;
  links: readonly SpanPlace[];
  subject: SpanSubject;
}

/** Key of a turn's own span in its turn, and of the session's own span in no turn. */
export const rootKey = 'root';

export const spanKeys = {
  llmCall: (callId: string) => `llm|${callId}`,
  llmError: (errorId: string) => `error|${errorId}`,
  tool: (callId: string) => `tool|${callId}`,
  wait: ({ callId = '', startedAt }: Wait) => `wait|${callId}|${startedAt}`,
  subagent: (agentId: string) => `agent|${agentId}`,
  compaction: ({ startedAt }: Compaction) => `compaction|${startedAt}`,
} as const;

/** What tells a span from all others of its session: keys are unique in it, but for those of the turns themselves. */
export function doneKey({ turn, key }: SpanPlace): string {
  return key === rootKey ? `${key}|${turn?.key ?? ''}` : key;
}

/** Of the events that one record tells, the one it was written for: that a sub-agent is at work is told by the way. */
export function mainEvent(events: readonly AgentEvent[]): AgentEvent | undefined {
  const telling = events.filter((event) => spanKeyOf(event) !== null);
  return telling.find(({ kind }) => kind !== 'subagent') ?? telling[0] ?? events[0];
}

/** Key of the span that an event tells of; null for events that tell of none. */
export function spanKeyOf(event: AgentEvent): string | null {
  switch (event.kind) {
    case 'prompt':
    case 'turn_end':
      return rootKey;
    case 'llm_call':
      return spanKeys.llmCall(event.callId);
    case 'llm_error':
      return spanKeys.llmError(event.errorId);
    case 'tool_call':
    case 'tool_decision':
      return spanKeys.tool(event.callId);
    case 'approval_wait':
      return spanKeys.wait(event);
    case 'subagent':
      return spanKeys.subagent(event.agentId);
    case 'compaction':
      return spanKeys.compaction(event);
    default:
      return null;
  }
}

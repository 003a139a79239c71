import type { Usage } from './usage.ts';

/**
 * Who an LLM call was made for: the person's conversation, a sub-agent, or a hidden helper (title, router,
 * classifier, summary).
 */
export type Role = 'main' | 'subagent' | 'utility';

export const errorTypes = [
  'auth',
  'rate_limit',
  'timeout',
  'server',
  'overloaded',
  'validation',
  'context_length',
  'network',
  'cancelled',
  'unknown',
] as const;
export type ErrorType = (typeof errorTypes)[number];

/**
 * How the session is paid: an API key (real money), a subscription login (API-equivalent only), or not said
 * by the CLI.
 */
export type Billing = 'api' | 'subscription' | 'unknown';

/** Unix time in milliseconds, fractions allowed (a double keeps microseconds until the year 2255). */
export type UnixMs = number;

export interface Origin {
  /** The CLI's own session id (Codex: conversation id). */
  sessionId: string;
  /** The CLI's key of the turn, where the record tells it (Claude: prompt.id, Gemini: prompt_id). */
  turnKey?: string;
  /** Native trace id, hex; Codex joins a turn's logs and spans by it. */
  traceId?: string;
  /** The sub-agent it happened in (`SubagentEvent`); absent in the main conversation. */
  agentId?: string;
}

/** A prompt was given. Only `person` prompts are turns of the user; the CLI also makes prompts for itself. */
export interface PromptEvent extends Origin {
  kind: 'prompt';
  author: 'person' | 'synthetic' | 'helper';
  at: UnixMs;
  /** What was asked, where the CLI tells it. */
  text?: string;
}

/**
 * An LLM call that was answered. The same call may be told by several records (a log and a span): `callId`
 * joins them, and each record adds what it knows.
 */
export interface LlmCallEvent extends Origin {
  kind: 'llm_call';
  callId: string;
  role: Role;
  /** The requested model; prices are looked up by it. */
  model: string;
  responseModel?: string;
  usage: Usage;
  endedAt: UnixMs;
  /** Wall time of the call including hidden retries, ms; absent where only a later record tells it. */
  durationMs?: number;
  /** What the CLI itself says the call cost, USD. */
  reportedUsd?: number;
  /** Served speed or tier, as the CLI names it (`normal`, `fast`, `priority`). */
  tier?: string;
  /** Attempts before this one whose cause the CLI does not tell. */
  hiddenRetries?: number;
  /** The vendor's id of the response, when the CLI tells one. */
  responseId?: string;
  /** How much the model was told to think, as the CLI names it (`low`, `high`). */
  reasoningLevel?: string;
  /** From the request to the first piece of the answer, ms. */
  timeToFirstChunkMs?: number;
  /** Why the answer ended, in the words of the vendor or of the GenAI conventions. */
  finishReason?: string;
  /** What was sent and what was answered, as the CLI tells it. */
  input?: string;
  output?: string;
}

/**
 * One failed attempt. `errorId` joins the records that tell of the same failure; the most specific type wins.
 */
export interface LlmErrorEvent extends Origin {
  kind: 'llm_error';
  errorId: string;
  type: ErrorType;
  message: string;
  at: UnixMs;
  role: Role;
  model?: string;
  statusCode?: number;
  /** Wall time of the attempt, ms. */
  durationMs?: number;
  /** Which attempt at the same call failed, from 1. */
  attempt?: number;
  /** Attempts before this one whose cause the CLI does not tell. */
  hiddenRetries?: number;
}

/** Someone or something decided whether a tool may run. */
export interface ToolDecisionEvent extends Origin {
  kind: 'tool_decision';
  callId: string;
  name: string;
  accepted: boolean;
  /** True when a person was asked, false when a rule decided. */
  byPerson: boolean;
  at: UnixMs;
  /** `callId` of the LLM call that asked for the tool, where the record tells it. */
  askedBy?: string;
}

/** A tool call ended (or a record adds to what is known of it; `callId` joins them). */
export interface ToolCallEvent extends Origin {
  kind: 'tool_call';
  callId: string;
  name: string;
  success?: boolean;
  exitCode?: number;
  endedAt: UnixMs;
  /** Execution, ms, without the wait for approval; absent where only another record tells it. */
  durationMs?: number;
  /** Execution and approval wait together, ms. */
  totalMs?: number;
  /** Codex code mode: the outer call that contains others, or a call made inside one. */
  nesting?: 'container' | 'nested';
  /** `callId` of the LLM call that asked for it, where the record tells it. */
  askedBy?: string;
  /** What the CLI says went wrong, as a word (`ShellError`, `file_not_found`). */
  failure?: string;
  /** Server of the Model Context Protocol that the tool is of. */
  mcpServer?: string;
  /** What the tool was given and what came of it, as the CLI tells it. */
  arguments?: string;
  result?: string;
}

/** A person was asked for approval and let the CLI wait. */
export interface ApprovalWaitEvent extends Origin {
  kind: 'approval_wait';
  /** The tool that waited. */
  callId?: string;
  startedAt: UnixMs;
  endedAt: UnixMs;
}

/**
 * A sub-agent: started by a tool call, with LLM calls and tools of its own (`agentId` of their events). Each record adds
 * what it knows.
 */
export interface SubagentEvent extends Origin {
  kind: 'subagent';
  agentId: string;
  /** Its type (`general-purpose`). */
  name?: string;
  /** `callId` of the tool call that started it. */
  startedBy?: string;
  /** It goes on while the conversation that started it does. */
  isAsync?: boolean;
  startedAt?: UnixMs;
  endedAt?: UnixMs;
}

/** The conversation was summarised to make room. */
export interface CompactionEvent extends Origin {
  kind: 'compaction';
  /** Who wanted it, as the CLI names it (`auto`, `manual`). */
  trigger?: string;
  success?: boolean;
  tokensBefore?: number;
  tokensAfter?: number;
  startedAt: UnixMs;
  endedAt: UnixMs;
}

/**
 * Running totals that the CLI reports per model and role (Claude's metrics): authoritative where per-call
 * records fall short.
 */
export interface UsageTotalEvent extends Origin {
  kind: 'usage_total';
  model: string;
  role: Role;
  measure: 'usd' | 'input' | 'output' | 'cache_read' | 'cache_write';
  value: number;
  /** `add` for a delta point, `set` for a cumulative one of `series`. */
  mode: 'add' | 'set';
  /** Identity of the cumulative series (its attributes and start time): several may feed one total. */
  series: string;
}

/**
 * What a whole turn cost, told by the CLI later on: replaces our figure, never adds to it (Codex:
 * `codex.turn_cost`).
 */
export interface TurnCostEvent extends Origin {
  kind: 'turn_cost';
  turnId: string;
  usd: number;
  tier?: string;
}

/**
 * A turn is over, whoever gave its prompt; `traceId` is the trace that prompt was logged in. `turnId` is the
 * CLI's own id of it, where it has one (Codex).
 */
export interface TurnEndEvent extends Origin {
  kind: 'turn_end';
  turnId?: string;
  startedAt: UnixMs;
  endedAt: UnixMs;
}

/**
 * A session of the CLI appeared. Helper sessions are hidden threads whose spend belongs to the person's
 * session.
 */
export interface SessionEvent extends Origin {
  kind: 'session';
  helper: boolean;
}

/** What the CLI says about itself. */
export interface CliEvent {
  kind: 'cli';
  billing?: Billing;
  version?: string;
  /** `gen_ai.provider.name` of the service its models are served by, where it may be one of several. */
  genAiProvider?: string;
}

/**
 * What one native record means. The one value that feeds both the session and the attributes that are
 * forwarded.
 */
export type AgentEvent =
  | SessionEvent
  | CliEvent
  | PromptEvent
  | TurnEndEvent
  | LlmCallEvent
  | LlmErrorEvent
  | ToolDecisionEvent
  | ToolCallEvent
  | ApprovalWaitEvent
  | SubagentEvent
  | CompactionEvent
  | UsageTotalEvent
  | TurnCostEvent;

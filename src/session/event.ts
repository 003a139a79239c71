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

interface Origin {
  /** The CLI's own session id (Codex: conversation id). */
  sessionId: string;
  /** The CLI's key of the turn, where the record tells it (Claude: prompt.id, Gemini: prompt_id). */
  turnKey?: string;
  /** Native trace id, hex; Codex joins a turn's logs and spans by it. */
  traceId?: string;
}

/** A prompt was given. Only `person` prompts are turns of the user; the CLI also makes prompts for itself. */
export interface PromptEvent extends Origin {
  kind: 'prompt';
  author: 'person' | 'synthetic' | 'helper';
  at: UnixMs;
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
}

/** When an LLM call really ran, told by a record that cannot name the call (Codex: `codex.sampling`). */
export interface LlmTimeEvent extends Origin {
  kind: 'llm_time';
  startedAt: UnixMs;
  endedAt: UnixMs;
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
  durationMs?: number;
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
}

/** A person was asked for approval and let the CLI wait. */
export interface ApprovalWaitEvent extends Origin {
  kind: 'approval_wait';
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
  | LlmTimeEvent
  | LlmErrorEvent
  | ToolDecisionEvent
  | ToolCallEvent
  | ApprovalWaitEvent
  | UsageTotalEvent
  | TurnCostEvent;

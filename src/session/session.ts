import type { Cost } from './cost.ts';
import type { Billing, ErrorType, LlmCallEvent, PromptEvent, Role, UnixMs } from './event.ts';
import type { Interval } from './interval.ts';

/** An answered LLM call with everything its records told, and what it cost. */
export interface LlmCall extends Omit<LlmCallEvent, 'kind'> {
  cost: Cost;
  /** Priced by the user's own price list, which stands against what the CLI reports. */
  overridden: boolean;
  /** What the list price of exactly this model comes to, beside what the CLI reports. */
  listUsd?: number;
}

export interface LlmError {
  type: ErrorType;
  message: string;
  at: UnixMs;
  role: Role;
  statusCode?: number;
}

export interface ToolCall {
  callId: string;
  name: string;
  /** undefined until a result arrives, and for ever when the tool was cut off. */
  success?: boolean;
  rejected: boolean;
  exitCode?: number;
  endedAt: UnixMs;
  /** Execution, ms, without the wait for approval. */
  durationMs?: number;
  /** When a person allowed it; the wait before that is not execution. */
  approvedAt?: UnixMs;
  nesting?: 'container' | 'nested';
}

/** A running total of the CLI's own, per model and role; see `UsageTotalEvent`. */
export interface ReportedTotal {
  model: string;
  role: LlmCall['role'];
  measure: 'usd' | 'input' | 'output' | 'cache_read' | 'cache_write';
  /** By series: cumulative series replace their value, delta series add to it. */
  series: Map<string, number>;
}

/**
 * What happened in one run, as far as the telemetry tells. Written by the recorder alone, read by everyone.
 * Maps are keyed by the ids that join several records of one thing, in order of appearance.
 */
export interface Session {
  /** The CLI's own session ids. `active` = something was asked, answered or run in it. */
  ids: Map<string, { helper: boolean; active: boolean }>;
  /** Native trace ids that hold prompts, calls or tools. */
  traceIds: Set<string>;
  cliVersion: string | null;
  billing: Billing;
  prompts: PromptEvent[];
  llmCalls: Map<string, LlmCall>;
  errors: Map<string, LlmError>;
  tools: Map<string, ToolCall>;
  /** When the model worked, from records that do not name their call. */
  llmTimes: Interval[];
  waits: Interval[];
  reportedTotals: Map<string, ReportedTotal>;
  /** USD by the CLI's turn id. */
  turnCosts: Map<string, number>;
  /** The CLI's turn id by the trace its prompt was logged in. */
  turnIds: Map<string, string>;
  /** Attempts that failed and were repeated without any record of their own, by call. */
  hiddenRetries: Map<string, number>;
}

export function emptySession(): Session {
  return {
    ids: new Map(),
    traceIds: new Set(),
    cliVersion: null,
    billing: 'unknown',
    prompts: [],
    llmCalls: new Map(),
    errors: new Map(),
    tools: new Map(),
    llmTimes: [],
    waits: [],
    reportedTotals: new Map(),
    turnCosts: new Map(),
    turnIds: new Map(),
    hiddenRetries: new Map(),
  };
}

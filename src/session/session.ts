import type { Cost } from './cost.ts';
import type {
  Billing,
  CompactionEvent,
  LlmCallEvent,
  LlmErrorEvent,
  Origin,
  PromptEvent,
  SubagentEvent,
  TurnEndEvent,
  UnixMs,
} from './event.ts';
import type { Interval } from './interval.ts';
import { Retired } from './retired.ts';
import { RowSums } from './row-sums.ts';

/** An answered LLM call with everything its records told, and what it cost. */
export interface LlmCall extends Omit<LlmCallEvent, 'kind'> {
  cost: Cost;
  /** Priced by the user's own price list, which stands against what the CLI reports. */
  overridden: boolean;
  /** What the list price of exactly this model comes to, beside what the CLI reports. */
  listUsd?: number;
}

/** A failed attempt, as its most specific record tells it. */
export type LlmError = Omit<LlmErrorEvent, 'kind'>;

/** A person was asked for approval. `callId` is that of the tool that waited, where it is known. */
export interface Wait extends Interval {
  callId?: string;
}

/** A sub-agent with everything its records told. */
export type Subagent = Omit<SubagentEvent, 'kind'>;

export type Compaction = Omit<CompactionEvent, 'kind'>;

export interface ToolCall extends Origin {
  callId: string;
  name: string;
  /** Its result has come; one whose result never comes was cut off. */
  finished: boolean;
  success?: boolean;
  rejected: boolean;
  /** Who or what decided whether it may run; absent where nothing tells of a decision. */
  decidedBy?: 'person' | 'rule';
  /** When that was decided. */
  decidedAt?: UnixMs;
  exitCode?: number;
  endedAt: UnixMs;
  /** Execution, ms, without the wait for approval. */
  durationMs?: number;
  /** When a person allowed it; the wait before that is not execution. */
  approvedAt?: UnixMs;
  nesting?: 'container' | 'nested';
  /** `callId` of the LLM call that asked for it, where a record tells it. */
  askedBy?: string;
  failure?: string;
  mcpServer?: string;
  arguments?: string;
  result?: string;
}

/** What a session consists of in any number: a long one keeps the figures of most of them only. */
export type ItemKind = 'llm_call' | 'llm_error' | 'tool_call';

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
  /** As the CLI tells it; null where it does not. */
  genAiProvider: string | null;
  billing: Billing;
  prompts: PromptEvent[];
  /** Calls, failures and tools that somebody may still ask for; of all others there are the figures (`Retirement`). */
  llmCalls: Map<string, LlmCall>;
  errors: Map<string, LlmError>;
  tools: Map<string, ToolCall>;
  /** All calls, by model and role. */
  rows: RowSums;
  retired: Retired;
  waits: Wait[];
  /** By agent id. */
  subagents: Map<string, Subagent>;
  compactions: Compaction[];
  turnEnds: TurnEndEvent[];
  reportedTotals: Map<string, ReportedTotal>;
  /** USD by the CLI's turn id. */
  turnCosts: Map<string, number>;
  /** Attempts that failed and were repeated without any record of their own, by call. */
  hiddenRetries: Map<string, number>;
}

export function emptySession(): Session {
  return {
    ids: new Map(),
    traceIds: new Set(),
    cliVersion: null,
    genAiProvider: null,
    billing: 'unknown',
    prompts: [],
    llmCalls: new Map(),
    errors: new Map(),
    tools: new Map(),
    rows: new RowSums(),
    retired: new Retired(),
    waits: [],
    subagents: new Map(),
    compactions: [],
    turnEnds: [],
    reportedTotals: new Map(),
    turnCosts: new Map(),
    hiddenRetries: new Map(),
  };
}

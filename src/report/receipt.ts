import type { Billing, ErrorType, Role } from '../session/event.ts';
import type { Session } from '../session/session.ts';
import { totalsOf } from '../session/totals.ts';
import type { Usage } from '../session/usage.ts';

/** Tokens in the receipt; `reasoning_tokens` is null where the CLI does not tell them from the output. */
export interface ReceiptUsage {
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  reasoning_tokens: number | null;
}

export interface ReceiptDestination {
  url: string;
  state: 'ok' | 'unreachable' | 'rejected';
  last_error: string | null;
}

/**
 * The receipt of one run, schema 1 (design.md §4): names and units are a public contract. Times are ISO 8601,
 * durations ms, money USD.
 */
export interface Receipt {
  schema: 1;
  run_id: string;
  provider: string;
  cli_version: string | null;
  session_ids: string[];
  trace_ids: string[];
  cwd: string;
  git: { repository: string | null; branch: string | null; commit: string | null } | null;
  started_at: string;
  ended_at: string;
  duration_ms: number;
  exit: { code: number | null; signal: string | null };
  turns: number;
  llm_calls: number;
  tool_calls: number;
  timing: { llm_ms: number; tool_ms: number; waiting_ms: number };
  tools: { name: string; calls: number; failures: number; duration_ms: number }[];
  usage: ReceiptUsage;
  cost: {
    usd: number;
    source: 'reported' | 'computed' | 'mixed';
    estimated: boolean;
    billing: Billing;
    unpriced_tokens: number;
  };
  models: {
    model: string;
    llm_calls: number;
    usage: ReceiptUsage;
    usd: number;
    estimated: boolean;
    role: Role;
  }[];
  errors: {
    total: number;
    by_type: Partial<Record<ErrorType, number>>;
    last: { type: ErrorType; message: string; at: string } | null;
  };
  telemetry: {
    received: { logs: number; spans: number; metric_points: number; rejected_requests: number };
    forwarded: { requests: number; bytes: number };
    /** Records on disk, to be sent later. */
    spooled: number;
    /** Records that a destination did not take and that are given up. */
    dropped: number;
    destinations: ReceiptDestination[];
  };
  warnings: string[];
}

/** Everything of a run that the telemetry does not tell. */
export interface RunFacts {
  runId: string;
  provider: string;
  /** The CLI's version where its telemetry does not tell it. */
  cliVersion: string | null;
  /** False where thinking tokens are not told apart from the output. */
  reportsReasoning: boolean;
  /** Traces that were sent, hex, oldest first. */
  traceIds: readonly string[];
  cwd: string;
  git: Receipt['git'];
  /** Unix ms. */
  startedAt: number;
  endedAt: number;
  exit: Receipt['exit'];
  telemetry: Receipt['telemetry'];
  warnings: string[];
}

export function receiptOf(session: Session, run: RunFacts): Receipt {
  const totals = totalsOf(session);
  const ids = [...session.ids].filter(([, { helper }]) => !helper);
  const active = ids.filter(([, { active }]) => active);
  const { last } = totals.errors;
  return {
    schema: 1,
    run_id: run.runId,
    provider: run.provider,
    cli_version: run.cliVersion ?? session.cliVersion,
    // Start-up records may carry an id that nothing ever happens in (Claude's --continue).
    session_ids: (active.length > 0 ? active : ids).map(([id]) => id),
    trace_ids: [...run.traceIds],
    cwd: run.cwd,
    git: run.git,
    started_at: new Date(run.startedAt).toISOString(),
    ended_at: new Date(run.endedAt).toISOString(),
    duration_ms: run.endedAt - run.startedAt,
    exit: run.exit,
    turns: totals.turns,
    llm_calls: totals.llmCalls,
    tool_calls: totals.toolCalls,
    timing: {
      llm_ms: Math.round(totals.timing.llmMs),
      tool_ms: Math.round(totals.timing.toolMs),
      waiting_ms: Math.round(totals.timing.waitingMs),
    },
    tools: totals.tools.map(({ name, calls, failures, durationMs }) => ({
      name,
      calls,
      failures,
      duration_ms: Math.round(durationMs),
    })),
    usage: usageOf(totals.usage, run.reportsReasoning),
    cost: {
      usd: totals.cost.usd,
      source: totals.cost.source,
      estimated: totals.cost.estimated,
      billing: session.billing,
      unpriced_tokens: totals.cost.unpricedTokens,
    },
    models: totals.models.map(({ model, llmCalls, usage, cost, role }) => ({
      model,
      llm_calls: llmCalls,
      usage: usageOf(usage, run.reportsReasoning),
      usd: cost.usd,
      estimated: cost.estimated,
      role,
    })),
    errors: {
      total: totals.errors.total,
      by_type: totals.errors.byType,
      last: last && { type: last.type, message: last.message, at: new Date(last.at).toISOString() },
    },
    telemetry: run.telemetry,
    warnings: run.warnings,
  };
}

function usageOf(usage: Usage, reportsReasoning: boolean): ReceiptUsage {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    reasoning_tokens: reportsReasoning ? (usage.reasoningTokens ?? 0) : null,
  };
}

import { type Cost, sumCosts } from './cost.ts';
import type { ErrorType } from './event.ts';
import { coveredMs, type Interval } from './interval.ts';
import { reconcile } from './reconcile.ts';
import { type ModelRow, rowsOf } from './rows.ts';
import type { LlmError, Session, ToolCall } from './session.ts';
import { addUsage, noUsage, type Usage } from './usage.ts';

/** All calls of one tool. */
export interface ToolRow {
  name: string;
  calls: number;
  failures: number;
  /** Sum of execution times, ms. */
  durationMs: number;
}

/** The figures of a session: what the receipt, the live state and the summary event say. */
export interface Totals {
  turns: number;
  llmCalls: number;
  toolCalls: number;
  usage: Usage;
  cost: Cost;
  models: ModelRow[];
  tools: ToolRow[];
  /** ms; overlaps counted once each. */
  timing: { llmMs: number; toolMs: number; waitingMs: number };
  errors: { total: number; byType: Partial<Record<ErrorType, number>>; last: LlmError | null };
  /** Failed attempts of which only the number is known. */
  hiddenRetries: number;
}

export function totalsOf(session: Session): Totals {
  const calls = [...session.llmCalls.values()];
  const models = reconcile(rowsOf(session), session);
  const tools = [...session.tools.values()];
  return {
    turns: session.prompts.filter((prompt) => prompt.author === 'person').length,
    llmCalls: calls.length,
    // A code-mode call and the calls inside it are the same work.
    toolCalls: tools.filter((tool) => tool.nesting !== 'container').length,
    usage: models.map((row) => row.usage).reduce(addUsage, noUsage),
    cost: sumCosts(models.map((row) => row.cost)),
    models,
    tools: toolRows(tools),
    timing: {
      llmMs: coveredMs([...calls, ...[...session.errors.values()].map(attempt)].flatMap(timeOf)),
      toolMs: coveredMs(tools.flatMap(timeOf)),
      waitingMs: coveredMs(session.waits),
    },
    errors: errorTotals([...session.errors.values()]),
    hiddenRetries: [...session.hiddenRetries.values()].reduce((sum, n) => sum + n, 0),
  };
}

/** A failed attempt was time with the model too. */
function attempt({ at, durationMs }: LlmError) {
  return { endedAt: at, ...(durationMs !== undefined && { durationMs }) };
}

function timeOf({ endedAt, durationMs }: { endedAt: number; durationMs?: number }): Interval[] {
  return durationMs === undefined ? [] : [{ startedAt: endedAt - durationMs, endedAt }];
}

function toolRows(tools: readonly ToolCall[]): ToolRow[] {
  const rows = new Map<string, ToolRow>();
  for (const { name, success, rejected, durationMs } of tools) {
    const row = rows.get(name) ?? { name, calls: 0, failures: 0, durationMs: 0 };
    row.calls += 1;
    if (success === false && !rejected) row.failures += 1;
    row.durationMs += durationMs ?? 0;
    rows.set(name, row);
  }
  return [...rows.values()];
}

function errorTotals(errors: readonly LlmError[]): Totals['errors'] {
  const byType: Partial<Record<ErrorType, number>> = {};
  for (const { type } of errors) byType[type] = (byType[type] ?? 0) + 1;
  const last = errors.reduce<LlmError | null>((a, b) => (a === null || b.at >= a.at ? b : a), null);
  return { total: errors.length, byType, last };
}

import type { Cost } from './cost.ts';
import type { Role } from './event.ts';
import type { ModelRow } from './rows.ts';
import type { Session } from './session.ts';
import { addUsage, noUsage, subtractUsage, totalTokens, type Usage } from './usage.ts';

/** What the CLI's own totals say of one model in one role. */
interface Reported {
  role: Role;
  /** null where the CLI tells tokens only. */
  usd: number | null;
  usage: Usage;
}

/**
 * Brings the per-call rows in line with the totals that the CLI itself reports (Claude's cost and token
 * metrics also see calls that leave no record of their own: facts/claude.md §7). Never adds both tellings:
 * per model the totals win, unless they are behind the calls because their last export was lost.
 */
export function reconcile(rows: readonly ModelRow[], session: Session): ModelRow[] {
  const result = new Map<string, ModelRow[]>();
  for (const row of rows) result.set(row.model, [...(result.get(row.model) ?? []), row]);
  for (const [model, reported] of reportedByModel(session)) {
    result.set(model, reconcileModel(model, result.get(model) ?? [], reported));
  }
  return [...result.values()].flat();
}

function reconcileModel(model: string, rows: readonly ModelRow[], reported: readonly Reported[]): ModelRow[] {
  const missing = subtractUsage(sumUsage(reported), sumUsage(rows));
  if (missing.inputTokens < 0 || missing.outputTokens < 0) return [...rows];

  // A price of the user's own is for the model, whoever it was asked by.
  const overridden = rows.some((row) => row.overridden);
  const byRole = reported.map((total) => {
    const row = rows.find((r) => r.role === total.role) ?? emptyRow(model, total.role, overridden);
    return { row, total, gap: subtractUsage(total.usage, row.usage) };
  });
  const sameRoles = rows.every((row) => byRole.some((pair) => pair.row === row));
  if (sameRoles && byRole.every(({ gap }) => gap.inputTokens >= 0 && gap.outputTokens >= 0)) {
    return byRole.map(({ row, total, gap }) => fill(row, gap, total.usd));
  }

  // The CLI files its calls under other roles than we do: trust its sum, and give the difference to the row
  // it most likely is of.
  const widest = byRole.reduce((a, b) => (totalTokens(b.gap) > totalTokens(a.gap) ? b : a)).row;
  const known = rows.filter((row) => row !== widest).reduce((usd, row) => usd + row.cost.usd, 0);
  const sum = reported.reduce<number | null>((usd, total) => addKnown(usd, total.usd), null);
  const usd = sum === null ? null : Math.max(0, sum - known);
  return [...rows.filter((row) => row !== widest), fill(widest, missing, usd)];
}

/**
 * The row with the tokens that no call told of, at the cost the CLI reports; a price of the user's own stands
 * against it.
 */
function fill(row: ModelRow, gap: Usage, reportedUsd: number | null): ModelRow {
  const cost: Cost =
    row.overridden || reportedUsd === null
      ? { ...row.cost, unpricedTokens: row.cost.unpricedTokens + totalTokens(gap) }
      : { usd: reportedUsd, source: 'reported', estimated: row.guessed, unpricedTokens: 0 };
  return { ...row, usage: addUsage(row.usage, gap), unattributedTokens: totalTokens(gap), cost };
}

function emptyRow(model: string, role: Role, overridden: boolean): ModelRow {
  return {
    model,
    role,
    llmCalls: 0,
    usage: noUsage,
    unattributedTokens: 0,
    overridden,
    guessed: false,
    listed: { usd: 0, reportedUsd: 0 },
    cost: { usd: 0, source: overridden ? 'computed' : 'reported', estimated: false, unpricedTokens: 0 },
  };
}

function reportedByModel(session: Session): Map<string, Reported[]> {
  const models = new Map<string, Reported[]>();
  for (const { model, role, measure, series } of session.reportedTotals.values()) {
    const roles = models.get(model) ?? [];
    let total = roles.find((r) => r.role === role);
    if (!total) {
      total = { role, usd: null, usage: noUsage };
      roles.push(total);
    }
    const value = [...series.values()].reduce((a, b) => a + b, 0);
    if (measure === 'usd') total.usd = addKnown(total.usd, value);
    else total.usage = addUsage(total.usage, measured(measure, value));
    models.set(model, roles);
  }
  return models;
}

/**
 * Claude's metric splits the input into uncached, read and written; `Usage` includes all three in its input.
 */
function measured(measure: 'input' | 'output' | 'cache_read' | 'cache_write', tokens: number): Usage {
  switch (measure) {
    case 'input':
      return { ...noUsage, inputTokens: tokens };
    case 'output':
      return { ...noUsage, outputTokens: tokens };
    case 'cache_read':
      return { ...noUsage, inputTokens: tokens, cacheReadTokens: tokens };
    case 'cache_write':
      return { ...noUsage, inputTokens: tokens, cacheWriteTokens: tokens };
  }
}

function addKnown(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}

function sumUsage(items: readonly { usage: Usage }[]): Usage {
  return items.map((item) => item.usage).reduce(addUsage, noUsage);
}

import { type Cost, CostSum, sumCosts } from './cost.ts';
import type { Role } from './event.ts';
import { groupBy } from './group-by.ts';
import { rowKey } from './row-sums.ts';
import type { Session } from './session.ts';
import { TurnEnds } from './turn-ends.ts';
import type { Usage } from './usage.ts';

/** What one model did in one role. */
export interface ModelRow {
  model: string;
  role: Role;
  llmCalls: number;
  usage: Usage;
  cost: Cost;
  /** Tokens that only the CLI's own totals tell of, without a call (aborted answers). */
  unattributedTokens: number;
  /** Priced by the user's own price list. */
  overridden: boolean;
  /** The CLI reported the price of another model. */
  guessed: boolean;
  /** The calls with a list price that the CLI tells a cost of: both, USD. */
  listed: { usd: number; reportedUsd: number };
}

/** One row per model and role, in order of appearance. */
export function rowsOf(session: Session): ModelRow[] {
  const { rows } = session.rows;
  if (session.turnCosts.size === 0) return rows;
  const costs = costsByTurns(session);
  return rows.map((row) => ({ ...row, cost: costs.get(rowKey(row))?.total ?? row.cost }));
}

/**
 * What the rows cost where the CLI told later what a whole turn cost: each of its calls has its share of that figure instead of
 * ours; calls with a price of the user's own have their part in it and keep their price.
 */
function costsByTurns(session: Session): Map<string, CostSum> {
  const ends = new TurnEnds(session.turnEnds);
  const calls = [...session.retired.ledger.calls(), ...session.llmCalls.values()];
  // The turn of its own session that it ended in.
  const turns = groupBy(calls, ({ sessionId, endedAt }) => ends.around(sessionId, endedAt)?.turnId);
  const sums = new Map<string, CostSum>();
  for (const [turnId, inTurn] of turns) {
    const told = turnId === undefined ? undefined : session.turnCosts.get(turnId);
    const computed = sumCosts(inTurn.map(({ cost }) => cost)).usd;
    for (const call of inTurn) {
      const share = computed > 0 ? call.cost.usd / computed : 1 / inTurn.length;
      const sum = sums.get(rowKey(call)) ?? new CostSum();
      sums.set(rowKey(call), sum);
      sum.add(told === undefined || call.overridden ? call.cost : reported(told * share));
    }
  }
  return sums;
}

function reported(usd: number): Cost {
  return { usd, source: 'reported', estimated: false, unpricedTokens: 0 };
}

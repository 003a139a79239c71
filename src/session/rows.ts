import { type Cost, sumCosts } from './cost.ts';
import type { Role } from './event.ts';
import { groupBy } from './group-by.ts';
import type { LlmCall, Session } from './session.ts';
import { TurnEnds } from './turn-ends.ts';
import { addUsage, noUsage, type Usage } from './usage.ts';

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
}

/** One row per model and role, in order of appearance. */
export function rowsOf(session: Session): ModelRow[] {
  const groups = groupBy(session.llmCalls.values(), ({ model, role }) => `${model}\0${role}`);
  const turnCosts = turnCostsByCall(session);
  return [...groups.values()].map((calls) => ({
    model: calls[0]?.model ?? '',
    role: calls[0]?.role ?? 'main',
    llmCalls: calls.length,
    usage: calls.map((call) => call.usage).reduce(addUsage, noUsage),
    cost: sumCosts(calls.map((call) => turnCosts.get(call) ?? call.cost)),
    unattributedTokens: 0,
    overridden: calls.some((call) => call.overridden),
    guessed: calls.some(({ cost }) => cost.source === 'reported' && cost.estimated),
  }));
}

/**
 * Where the CLI told later what a whole turn cost, each of its calls gets its share of that figure instead of
 * ours; calls with a price of the user's own have their part in it and keep their price.
 */
function turnCostsByCall(session: Session): Map<LlmCall, Cost> {
  const shares = new Map<LlmCall, Cost>();
  if (session.turnCosts.size === 0) return shares;
  const ends = new TurnEnds(session.turnEnds);
  // The turn of its own session that it ended in.
  const turns = groupBy(
    session.llmCalls.values(),
    ({ sessionId, endedAt }) => ends.around(sessionId, endedAt)?.turnId,
  );
  for (const [turnId, usd] of session.turnCosts) {
    const calls = turns.get(turnId) ?? [];
    const computed = calls.reduce((sum, call) => sum + call.cost.usd, 0);
    for (const call of calls.filter((each) => !each.overridden)) {
      const share = computed > 0 ? call.cost.usd / computed : 1 / calls.length;
      shares.set(call, { usd: usd * share, source: 'reported', estimated: false, unpricedTokens: 0 });
    }
  }
  return shares;
}

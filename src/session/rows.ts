import { type Cost, sumCosts } from './cost.ts';
import type { Role } from './event.ts';
import type { LlmCall, Session } from './session.ts';
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
  const groups = new Map<string, LlmCall[]>();
  for (const call of session.llmCalls.values()) {
    const key = `${call.model}\0${call.role}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
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
  for (const [turnId, usd] of session.turnCosts) {
    const calls = [...session.llmCalls.values()].filter((call) => turnIdOf(call, session) === turnId);
    const computed = calls.reduce((sum, call) => sum + call.cost.usd, 0);
    for (const call of calls.filter((each) => !each.overridden)) {
      const share = computed > 0 ? call.cost.usd / computed : 1 / calls.length;
      shares.set(call, { usd: usd * share, source: 'reported', estimated: false, unpricedTokens: 0 });
    }
  }
  return shares;
}

/** The turn of its own session that it ended in. */
function turnIdOf({ sessionId, endedAt }: LlmCall, { turnEnds }: Session): string | undefined {
  return turnEnds.find(
    (end) => end.sessionId === sessionId && end.startedAt <= endedAt && endedAt <= end.endedAt,
  )?.turnId;
}

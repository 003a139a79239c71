import { type Cost, sumCosts } from './cost.ts';
import type { ErrorType, TurnEndEvent } from './event.ts';
import type { PaidCall } from './ledger.ts';
import type { Session } from './session.ts';

/** A turn of a person that is over. */
export interface Turn {
  durationMs: number;
  /** All calls that ended within the turn, those of helpers and sub-agents among them. */
  cost: Cost;
  /** The error that no answer followed; null when the model had the last word. */
  failure: ErrorType | null;
}

/**
 * What a turn came to, as far as its records have arrived. null for one that no person asked for (titles,
 * background sub-agents that report) and for one in which nothing was asked of the model (slash commands).
 */
export function turnOf(session: Session, { sessionId, startedAt, endedAt }: TurnEndEvent): Turn | null {
  const isWithin = (at: number) => startedAt <= at && at <= endedAt;
  const isPersons = session.prompts.some(
    (prompt) => prompt.sessionId === sessionId && prompt.author === 'person' && isWithin(prompt.at),
  );
  if (!isPersons) return null;

  const { retired } = session;
  const calls: PaidCall[] = [
    ...retired.ledger.calls(isWithin),
    ...[...session.llmCalls.values()].filter((call) => isWithin(call.endedAt)),
  ];
  const failures = [
    ...retired.failures,
    ...[...session.errors.values()].filter(({ role }) => role === 'main'),
  ];
  const errors = failures.filter(({ at }) => isWithin(at));
  const answers = calls.filter((call) => call.role === 'main').map((call) => call.endedAt);
  if (answers.length + errors.length === 0) return null;

  const answeredAt = Math.max(...answers);
  const failure = errors.findLast((error) => error.at > answeredAt);
  return {
    durationMs: endedAt - startedAt,
    cost: sumCosts(calls.map((call) => call.cost)),
    failure: failure?.type ?? null,
  };
}

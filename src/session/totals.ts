import { type Cost, sumCosts } from './cost.ts';
import type { ErrorType } from './event.ts';
import { coveredMs, lasting } from './interval.ts';
import { reconcile } from './reconcile.ts';
import { type ModelRow, rowsOf } from './rows.ts';
import type { LlmError, Session } from './session.ts';
import type { ToolRow } from './tool-rows.ts';
import { addUsage, noUsage, type Usage } from './usage.ts';

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
  const { retired } = session;
  const calls = [...session.llmCalls.values()];
  const errors = [...session.errors.values()];
  const tools = [...session.tools.values()];
  const models = reconcile(rowsOf(session), session);
  const toolRows = retired.tools.copy();
  for (const tool of tools) toolRows.add(tool);
  const errorSums = retired.errors.copy();
  for (const error of errors) errorSums.add(error);
  // A failed attempt was time with the model too.
  const attempts = errors.map((error) => ({ ...error, endedAt: error.at }));
  return {
    turns: session.prompts.filter((prompt) => isOfPerson(prompt, session)).length,
    llmCalls: retired.ledger.size + calls.length,
    toolCalls: toolRows.calls,
    usage: models.map((row) => row.usage).reduce(addUsage, noUsage),
    cost: sumCosts(models.map((row) => row.cost)),
    models,
    tools: toolRows.rows,
    timing: {
      llmMs: retired.llmTime.msWith([...calls, ...attempts].map(lasting)),
      toolMs: retired.toolTime.msWith(tools.map(lasting)),
      waitingMs: coveredMs(session.waits),
    },
    errors: errorSums.figures,
    hiddenRetries: [...session.hiddenRetries.values()].reduce((sum, n) => sum + n, 0),
  };
}

/** Which sessions are a person's may be known only after their prompts. */
function isOfPerson({ author, sessionId }: Session['prompts'][number], { ids }: Session): boolean {
  return author === 'person' && !ids.get(sessionId)?.helper;
}

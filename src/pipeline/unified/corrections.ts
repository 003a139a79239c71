import type { Role } from '../../session/event.ts';
import type { ModelRow } from '../../session/rows.ts';
import type { LlmCall } from '../../session/session.ts';
import type { SpanNode } from '../../session/spans/span.ts';
import { addUsage, noUsage, subtractUsage, totalTokens, type Usage } from '../../session/usage.ts';

interface Figures {
  usage: Usage;
  usd: number;
}

/** Two sums of money that are the same but for rounding. USD. */
const sameUsd = 1e-12;

/**
 * What the LLM spans of one run say together, beside what its totals say in the end. They differ where only the CLI's own totals
 * tell of a call (Claude: answers that were broken off), or where the CLI told a price after the span had left (Codex:
 * `codex.turn_cost`).
 */
export class Corrections {
  readonly #sent = new Map<string, Figures>();

  sent({ subject }: SpanNode): void {
    if (subject.kind === 'llm_call') add(this.#sent, subject.call);
  }

  /** The differences, in the shape of calls; their ids and times mean nothing. */
  of(rows: readonly ModelRow[]): LlmCall[] {
    return rows.flatMap(({ model, role, usage, cost }) => {
      const known = this.#sent.get(keyOf(model, role)) ?? { usage: noUsage, usd: 0 };
      const gap = subtractUsage(usage, known.usage);
      const usd = cost.usd - known.usd;
      const isPriced = Math.abs(usd) >= sameUsd;
      if (!isPriced && !Object.values(gap).some(Boolean)) return [];
      const unpricedTokens = isPriced ? 0 : totalTokens(gap);
      const ids = { sessionId: '', callId: '', endedAt: 0, overridden: false };
      return [{ ...ids, model, role, usage: gap, cost: { ...cost, usd, unpricedTokens } }];
    });
  }
}

function add(figures: Map<string, Figures>, { model, role, usage, cost }: LlmCall): void {
  const key = keyOf(model, role);
  const known = figures.get(key) ?? { usage: noUsage, usd: 0 };
  figures.set(key, { usage: addUsage(known.usage, usage), usd: known.usd + cost.usd });
}

function keyOf(model: string, role: Role): string {
  return `${model}\0${role}`;
}

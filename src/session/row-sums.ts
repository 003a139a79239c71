import { CostSum } from './cost.ts';
import { ExactSum } from './exact-sum.ts';
import type { ModelRow } from './rows.ts';
import type { LlmCall } from './session.ts';
import { UsageSum } from './usage-sum.ts';

/** A row that calls are added to. */
interface RowSum {
  model: LlmCall['model'];
  role: LlmCall['role'];
  llmCalls: number;
  usage: UsageSum;
  cost: CostSum;
  /** How many calls have a price of the user's own, and how many that of another model. */
  overridden: number;
  guessed: number;
  listUsd: ExactSum;
  reportedUsd: ExactSum;
}

/**
 * The rows by model and role, in the order in which calls of them were first told. They are kept up to date call by call: to sum up a
 * long session anew would take longer than a sender may wait.
 */
export class RowSums {
  readonly #rows = new Map<string, RowSum>();

  /** A call was told, or told anew. @param known as it was before */
  tell(call: LlmCall, known: LlmCall | undefined): void {
    if (known) this.#add(known, -1);
    this.#add(call, 1);
  }

  get rows(): ModelRow[] {
    return [...this.#rows.values()]
      .filter(({ llmCalls }) => llmCalls > 0)
      .map(({ listUsd, reportedUsd, cost, usage, overridden, guessed, ...row }) => ({
        ...row,
        usage: usage.total,
        cost: cost.total,
        unattributedTokens: 0,
        overridden: overridden > 0,
        guessed: guessed > 0,
        listed: { usd: listUsd.value, reportedUsd: reportedUsd.value },
      }));
  }

  #add(call: LlmCall, times: 1 | -1): void {
    const { usage, cost, overridden, reportedUsd, listUsd } = call;
    const row = this.#rowOf(call);
    row.llmCalls += times;
    row.usage.add(usage, times);
    row.cost.add(cost, times);
    if (overridden) row.overridden += times;
    if (cost.source === 'reported' && cost.estimated) row.guessed += times;
    if (reportedUsd === undefined || listUsd === undefined) return;
    row.listUsd.add(times * listUsd);
    row.reportedUsd.add(times * reportedUsd);
  }

  #rowOf(call: LlmCall): RowSum {
    const key = rowKey(call);
    const row = this.#rows.get(key) ?? emptyRow(call);
    this.#rows.set(key, row);
    return row;
  }
}

export function rowKey({ model, role }: Pick<LlmCall, 'model' | 'role'>): string {
  return `${model}\0${role}`;
}

function emptyRow({ model, role }: LlmCall): RowSum {
  return {
    model,
    role,
    llmCalls: 0,
    usage: new UsageSum(),
    cost: new CostSum(),
    overridden: 0,
    guessed: 0,
    listUsd: new ExactSum(),
    reportedUsd: new ExactSum(),
  };
}

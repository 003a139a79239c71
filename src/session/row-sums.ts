import { CostSum } from './cost.ts';
import { ExactSum } from './exact-sum.ts';
import type { ModelRow } from './rows.ts';
import type { LlmCall } from './session.ts';
import { addUsage, noUsage } from './usage.ts';

/** A row that calls are added to. */
interface RowSum extends Omit<ModelRow, 'cost' | 'listed'> {
  cost: CostSum;
  listUsd: ExactSum;
  reportedUsd: ExactSum;
}

/** The rows by model and role, in the order in which calls of them were first told. */
export class RowSums {
  #rows = new Map<string, RowSum>();

  copy(): RowSums {
    const copy = new RowSums();
    copy.#rows = new Map([...this.#rows].map(([key, row]) => [key, copyOf(row)]));
    return copy;
  }

  /** A call of it was told: that is its place, though the call itself is added later. */
  told(call: Pick<LlmCall, 'model' | 'role'>): RowSum {
    const key = rowKey(call);
    const row = this.#rows.get(key) ?? emptyRow(call);
    this.#rows.set(key, row);
    return row;
  }

  add(call: LlmCall): void {
    const { usage, cost, overridden, reportedUsd, listUsd } = call;
    const row = this.told(call);
    row.llmCalls += 1;
    row.usage = addUsage(row.usage, usage);
    row.cost.add(cost);
    row.overridden ||= overridden;
    row.guessed ||= cost.source === 'reported' && cost.estimated;
    if (reportedUsd === undefined || listUsd === undefined) return;
    row.listUsd.add(listUsd);
    row.reportedUsd.add(reportedUsd);
  }

  get rows(): ModelRow[] {
    return [...this.#rows.values()]
      .filter(({ llmCalls }) => llmCalls > 0)
      .map(({ listUsd, reportedUsd, cost, ...row }) => ({
        ...row,
        cost: cost.total,
        listed: { usd: listUsd.value, reportedUsd: reportedUsd.value },
      }));
  }
}

export function rowKey({ model, role }: Pick<LlmCall, 'model' | 'role'>): string {
  return `${model}\0${role}`;
}

function emptyRow({ model, role }: Pick<LlmCall, 'model' | 'role'>): RowSum {
  return {
    model,
    role,
    llmCalls: 0,
    usage: noUsage,
    cost: new CostSum(),
    unattributedTokens: 0,
    overridden: false,
    guessed: false,
    listUsd: new ExactSum(),
    reportedUsd: new ExactSum(),
  };
}

function copyOf(row: RowSum): RowSum {
  return {
    ...row,
    cost: row.cost.copy(),
    listUsd: row.listUsd.copy(),
    reportedUsd: row.reportedUsd.copy(),
  };
}

import { expect } from 'vitest';
import type { Receipt, ReceiptUsage } from '../../src/report/receipt.ts';
import type { Usage } from '../../src/session/usage.ts';
import { listCost } from './list-prices.ts';
import { answered, type Role, type Spent } from './mock/api.ts';

/** Cost may be off by this share of itself. */
const costTolerance = 0.01;

/** The receipt's calls, tokens and money are those the mock dictated: in all, and for each model in each role. */
export function expectFigures(receipt: Receipt, spent: readonly Spent[]): void {
  const all = answered(spent);
  expect(receipt.llm_calls).toBe(all.calls);
  expect(receipt.usage).toEqual(receiptUsage(all.usage, receipt));

  const rows = rowsOf(spent);
  const told = receipt.models.map(({ model, role, llm_calls, usage }) => ({ model, role, llm_calls, usage }));
  expect(inOrder(told)).toEqual(
    inOrder(
      rows.map(({ model, role, calls, usage }) => ({
        model,
        role,
        llm_calls: calls,
        usage: receiptUsage(usage, receipt),
      })),
    ),
  );

  for (const { model, role, usd } of rows) {
    const row = receipt.models.find((each) => each.model === model && each.role === role);
    expectCost(row?.usd ?? Number.NaN, usd);
  }
  expectCost(
    receipt.cost.usd,
    rows.reduce((sum, { usd }) => sum + usd, 0),
  );
  expect(receipt.cost.unpriced_tokens).toBe(0);
}

interface Row {
  model: string;
  role: Role;
  calls: number;
  usage: Usage;
  usd: number;
}

function rowsOf(spent: readonly Spent[]): Row[] {
  const calls = spent.filter((call) => call.kind === 'answered');
  const keys = new Set(calls.map(({ model, role }) => `${model} ${role}`));
  return [...keys].flatMap((key) => {
    const group = calls.filter(({ model, role }) => `${model} ${role}` === key);
    const [first] = group;
    if (!first) return [];
    const { model, role } = first;
    // Priced call by call: a sum may reach a long-context price that none of its calls does.
    const usd = group.reduce((sum, call) => sum + listCost(model, call.usage), 0);
    return [{ model, role, ...answered(group), usd }];
  });
}

function expectCost(told: number, usd: number): void {
  expect(Math.abs(told - usd), `${told} USD instead of ${usd}`).toBeLessThanOrEqual(costTolerance * usd);
}

/** Claude does not tell thinking from the rest of its output. */
function receiptUsage(usage: Usage, { provider }: Receipt): ReceiptUsage {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    reasoning_tokens: provider === 'claude' ? null : (usage.reasoningTokens ?? 0),
  };
}

function inOrder<T extends { model: string; role: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => `${a.model} ${a.role}`.localeCompare(`${b.model} ${b.role}`));
}

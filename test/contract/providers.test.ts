import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import type { Role } from '../../src/session/event.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { addUsage, noUsage } from '../../src/session/usage.ts';
import { replay } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));

/** What `expected.json` calls the roles. */
const groups = { main: 'main', subagent: 'subagent', auxiliary: 'utility' } as const satisfies Record<
  string,
  Role
>;

describe.each(Object.entries(providers))('%s', (id, provider) => {
  const scenarios = existsSync(`${captures}/${id}`) ? readdirSync(`${captures}/${id}`) : [];

  test('has captures of the real CLI', () => {
    expect(scenarios.length).toBeGreaterThan(0);
  });

  test.each(scenarios)('%s', async (scenario) => {
    const dir = `${captures}/${id}/${scenario}`;
    const expected = JSON.parse(readFileSync(`${dir}/expected.json`, 'utf8'));
    const { session, understanding, pipeline } = await replay(provider, dir);
    const totals = totalsOf(session);

    expect(pipeline.undecodable).toBe(0);
    expect(understanding.received).toEqual({
      logs: expected.records.logs,
      spans: expected.records.spans,
      metricPoints: expected.records.metric_points,
    });
    const ids = [...session.ids];
    expect(ids.filter(([, { helper }]) => !helper).map(([id]) => id)).toEqual(expected.session_ids.main);
    expect(ids.filter(([, { helper }]) => helper).map(([id]) => id)).toEqual(expected.session_ids.helper);
    expect(totals.turns).toBe(expected.turns.human);
    expect(session.prompts).toHaveLength(expected.turns.native);
    expect(totals.llmCalls).toBe(expected.llm_calls.total);
    expect(totals.hiddenRetries).toBe(expected.hidden_retries);
    expect(totals.errors.byType).toEqual(expected.errors);
    expect(totals.errors.total).toBe(expected.failed_llm_attempts);

    for (const [group, role] of Object.entries(groups)) {
      const rows = totals.models.filter((row) => row.role === role);
      const usage = rows.map((row) => row.usage).reduce(addUsage, noUsage);
      expect(
        rows.reduce((sum, row) => sum + row.llmCalls, 0),
        group,
      ).toBe(expected.llm_calls[group]);
      expect(tokensOf(usage), group).toEqual({
        ...expected.tokens[group],
        reasoning_tokens: usage.reasoningTokens,
      });
      const reasoning = expected.tokens[group].reasoning_tokens;
      expect(usage.reasoningTokens ?? (provider.reportsReasoning ? 0 : null), group).toBe(reasoning);
      const usd = expected.native_cost_usd?.[group];
      if (usd !== undefined) expect(rows.reduce((sum, row) => sum + row.cost.usd, 0)).toBeCloseTo(usd, 9);
    }
    if (expected.native_cost_usd) {
      expect(totals.cost.usd).toBeCloseTo(expected.native_cost_usd.total, 9);
      expect(totals.cost).toMatchObject({ source: 'reported', estimated: false, unpricedTokens: 0 });
    }

    const requested = new Set([...session.llmCalls.values()].map((call) => call.model));
    if (requested.size > 0) expect([...requested].sort()).toEqual([...expected.models.requested].sort());
    const responded = new Set([...session.llmCalls.values()].flatMap((call) => call.responseModel ?? []));
    expect([...responded].sort()).toEqual([...expected.models.responded].sort());

    const tools = [...session.tools.values()];
    const rows = expected.tool_calls.map(({ name }: { name: string }) => {
      const calls = tools.filter((tool) => tool.name === name);
      return {
        name,
        count: calls.length,
        succeeded: calls.filter((tool) => tool.success === true && !tool.rejected).length,
        failed: calls.filter((tool) => tool.success === false && !tool.rejected).length,
        rejected: calls.filter((tool) => tool.rejected).length,
      };
    });
    expect(rows).toEqual(expected.tool_calls);
    expect(tools).toHaveLength(rows.reduce((sum: number, row: { count: number }) => sum + row.count, 0));
  });
});

function tokensOf(usage: typeof noUsage) {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    reasoning_tokens: usage.reasoningTokens,
  };
}

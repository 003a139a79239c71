import { expect, vi } from 'vitest';
import type { CliName } from '../../../scripts/clis.mjs';
import { type Target, tempoSpans } from '../../../scripts/grafana/targets.ts';
import { clis } from '../../../src/providers/clis.ts';
import { countLogs } from '../backends/loki.ts';
import { queryOne } from '../backends/prometheus.ts';
import { ask } from './ask.ts';
import type { FilledStores } from './filled-stores.ts';

/**
 * Waits until the stores find what they were sent, which Tempo takes half a minute for; a machine may be busy.
 * @throws {Error} with what is missing after some minutes
 */
export async function arrival(filled: FilledStores): Promise<void> {
  const names = Object.keys(filled.sessions) as CliName[];
  await vi.waitFor(() => Promise.all(names.map((name) => expectAll(name, filled))), {
    timeout: 240_000,
    interval: 1000,
  });
}

async function expectAll(name: CliName, { urls, sessions }: FilledStores): Promise<void> {
  const { serviceName } = clis[name];
  const { answered, refused } = sessions[name];
  const runs = `job="ai-trace/${serviceName}"`;
  expect(await queryOne(urls.prometheus, `sum(ai_trace_sessions_total{${runs}})`)).toBe(2);
  const usd = await queryOne(urls.prometheus, `sum(ai_trace_cost_USD_total{${runs}})`);
  expect(usd).toBeCloseTo(answered.cost.usd + refused.cost.usd, 9);
  const summaries = `{service_name="${serviceName}"} | ai_trace_event_name="session_summary"`;
  expect(await countLogs(urls.loki, `sum(count_over_time(${summaries} [1h]))`)).toBe(2);
  if (urls.tempo === null) return;
  for (const target of [spansOf(serviceName, 'CHAIN'), spansOf(serviceName, 'AGENT')]) {
    expect((await ask(urls, target, {})).length).toBeGreaterThanOrEqual(2);
  }
  // Two with ai-trace, one without.
  expect((await ask(urls, spansOf(serviceName, 'TOOL'), {})).length).toBeGreaterThanOrEqual(3);
}

function spansOf(serviceName: string, kind: string): Target {
  return tempoSpans(
    `{ resource.service.name = "${serviceName}" && span.openinference.span.kind = "${kind}" }`,
  );
}

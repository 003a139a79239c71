/** The metrics of one live session of each CLI, as a real collector wrote them and as a real Prometheus answers them. */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { text } from '../../../src/otlp/attributes.ts';
import { type LiveSession, liveSession } from '../../support/backends/live.ts';
import { exemplars, queryOne } from '../../support/backends/prometheus.ts';
import { cliCases } from '../../support/cli-cases.ts';
import { pointsOf } from '../../support/metric-points.ts';
import { valuesIn } from '../../support/prometheus.ts';

const live = inject('live');
const prometheus = live?.prometheus ?? null;

const cumulative = 2;

describe.skipIf(live === null)('the metrics that a collector has', () => {
  describe.each(cliCases)('of $name', ({ name }) => {
    let session: LiveSession;
    beforeAll(async () => {
      session = await liveSession(name);
    });

    test('are running totals of one run, without ids among the labels', () => {
      const { metrics, receipt } = session;
      const points = metrics.flatMap(({ metric, scope }) => pointsOf(metric, scope));
      expect(points.length).toBeGreaterThan(0);
      expect(new Set(points.map(({ temporality }) => temporality))).toEqual(new Set([cumulative]));
      expect(points.filter(({ labels }) => labels.includes('session.id'))).toEqual([]);
      const instances = metrics.map(({ resource }) => text(resource, 'service.instance.id'));
      expect(new Set(instances)).toEqual(new Set([receipt.run_id]));
    });

    test('are shown to Prometheus with the figures of the receipt', () => {
      const { receipt } = session;
      const shown = valuesIn(withoutExemplars(live?.exposition ?? '')).filter(
        ({ labels }) => labels['instance'] === receipt.run_id,
      );
      const sumOf = (metric: string) =>
        shown.filter((each) => each.name === metric).reduce((sum, { value }) => sum + value, 0);
      expect(sumOf('ai_trace_cost_USD_total')).toBeCloseTo(receipt.cost.usd, 9);
      expect(sumOf('ai_trace_tokens_total')).toBe(receipt.usage.input_tokens + receipt.usage.output_tokens);
      expect(sumOf('ai_trace_sessions_total')).toBe(1);
    });

    test('are shown to Prometheus with exemplars that lead to the trace', () => {
      const own = (live?.exposition ?? '')
        .split('\n')
        .filter((line) => line.includes(session.receipt.run_id));
      const ids = own.flatMap((line) => / # \{.*trace_id="(\w+)"/.exec(line)?.[1] ?? []);
      expect(ids.length).toBeGreaterThan(0);
      const traceIds = new Set(session.spans.map(({ traceId }) => traceId));
      expect(ids.filter((id) => !traceIds.has(id))).toEqual([]);
    });

    describe.skipIf(prometheus === null)('are in Prometheus,', () => {
      const ask = (promQl: string) => queryOne(prometheus ?? '', promQl);
      const tokens = (...types: string[]) =>
        ask(`sum(ai_trace_tokens_total{${run()},gen_ai_token_type=~"${types.join('|')}"}) or vector(0)`);

      test('with the money and the calls of the receipt', async () => {
        const { receipt } = session;
        expect(await ask(`sum(ai_trace_cost_USD_total{${run()}})`)).toBeCloseTo(receipt.cost.usd, 9);
        expect(await ask(`sum(ai_trace_sessions_total{${run()}})`)).toBe(1);
        expect(await ask(`sum(ai_trace_errors_total{${run()}}) or vector(0)`)).toBe(receipt.errors.total);
        const answered = `sum(ai_trace_llm_duration_seconds_count{${run()},error_type=""})`;
        expect(await ask(answered)).toBe(receipt.llm_calls);
        expect(await ask(`sum(ai_trace_tool_duration_seconds_count{${run()}})`)).toBe(receipt.tool_calls);
      });

      test('with the tokens of the receipt, each of one type', async () => {
        const { usage } = session.receipt;
        expect(await tokens('input', 'cache_read', 'cache_write')).toBe(usage.input_tokens);
        expect(await tokens('output', 'reasoning')).toBe(usage.output_tokens);
        expect(await tokens('cache_read')).toBe(usage.cache_read_tokens);
        expect(await tokens('cache_write')).toBe(usage.cache_write_tokens);
        expect(await tokens('reasoning')).toBe(usage.reasoning_tokens ?? 0);
      });

      test('from a zero on, or nothing would have increased', async () => {
        expect(await ask(`sum(min_over_time(ai_trace_cost_USD_total{${run()}}[1h]))`)).toBe(0);
        expect(await ask(`sum(min_over_time(ai_trace_tokens_total{${run()}}[1h]))`)).toBe(0);
      });

      test('from where exemplars lead to the trace', async () => {
        const found = await exemplars(prometheus ?? '', `{__name__=~"ai_trace_.+",${run()}}`);
        expect(found.length).toBeGreaterThan(0);
        const traceIds = new Set(session.spans.map(({ traceId }) => traceId));
        for (const { labels } of found) expect(traceIds).toContain(labels['trace_id']);
      });

      function run(): string {
        return `instance="${session.receipt.run_id}",job="ai-trace/${session.serviceName}"`;
      }
    });
  });
});

/** What OpenMetrics' text format has over Prometheus'. */
function withoutExemplars(exposition: string): string {
  return exposition.replaceAll(/ # \{.*$/gm, '');
}

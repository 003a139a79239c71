import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { num, text } from '../../src/otlp/attributes.ts';
import { countRecords } from '../../src/otlp/count.ts';
import type { Signal } from '../../src/otlp/types.ts';
import { OtlpDestination } from '../../src/pipeline/delivery/otlp-destination.ts';
import { outgoing } from '../../src/pipeline/delivery/outgoing.ts';
import { createTransport } from '../../src/pipeline/delivery/transport/create-transport.ts';
import { providers } from '../../src/providers/index.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { type Exported, readExported, startOtelcol } from '../support/backends/otelcol.ts';
import { recordsIn } from '../support/otlp-records.ts';
import { valuesIn } from '../support/prometheus.ts';
import { replay } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const scenarios = Object.entries(providers).flatMap(([id, provider]) =>
  readdirSync(`${captures}/${id}`).map((name) => ({ id, name, provider })),
);

/** Claude's aborted answers and its auto mode's classifier are in its metrics only. */
const withoutLogsOf = new Set(['claude/print-aborted', 'claude/tui-two-prompts']);
/** Codex counts the tokens of a turn when it ends, of a stopped one never; nor those of the first thread that made up a title. */
const withoutMetricsOf = new Set(['codex/exec-stopped', 'codex/tui-one-trace', 'codex/tui-two-prompts']);

/** What the CLIs call the parts of input and output in their token counters. */
const inputParts = new Set(['input', 'tool', 'cacheRead', 'cacheCreation']);
const outputParts = new Set(['output', 'thought']);
/** Their names in Prometheus. */
const tokenCounters = new Set([
  'codex_turn_token_usage_sum',
  'gemini_cli_token_usage_total',
  'claude_code_token_usage_tokens_total',
]);

const otelcol = inject('collector');

describe.skipIf(otelcol === null)('a real OpenTelemetry Collector', () => {
  test.each(scenarios)('takes and keeps $id/$name', async ({ id, name, provider }) => {
    const dir = `${captures}/${id}/${name}`;
    const expected = JSON.parse(readFileSync(`${dir}/expected.json`, 'utf8'));
    const { session, sent } = await replay(provider, dir);
    if (!otelcol) throw new Error('no collector');
    const collector = await startOtelcol(otelcol);
    onTestFinished(() => collector.remove());
    await deliver(sent, collector.url);

    if (!withoutMetricsOf.has(`${id}/${name}`)) {
      const { input_tokens: input, output_tokens: output } = expected.tokens.total;
      await expect
        .poll(async () => countedTokens(await collector.exposition()), { timeout: 10_000 })
        .toEqual({ input, output });
    }
    await collector.stop();
    const kept = await readExported(collector.folder);

    expect(counts(kept)).toEqual(counts(sent));
    const records = kept.flatMap(({ request }) => recordsIn(request));
    const ids = new Set<string | undefined>([...session.ids.keys()]);
    for (const { kind, resource, attributes } of records) {
      expect(text(resource, 'service.name')).toBe(provider.serviceName);
      expect(ids).toContain(text(kind === 'metric' ? resource : attributes, 'session.id'));
    }

    const calls = records.filter(
      ({ kind, attributes }) => kind === 'log' && text(attributes, 'ai_trace.event.name') === 'llm_call',
    );
    const sumOf = (key: string) =>
      calls.reduce((sum, { attributes }) => sum + (num(attributes, key) ?? 0), 0);
    if (withoutLogsOf.has(`${id}/${name}`)) return;
    expect(calls).toHaveLength(expected.llm_calls.total);
    expect(sumOf('gen_ai.usage.input_tokens')).toBe(expected.tokens.total.input_tokens);
    expect(sumOf('gen_ai.usage.output_tokens')).toBe(expected.tokens.total.output_tokens);
    expect(sumOf('gen_ai.usage.cost_usd')).toBeCloseTo(totalsOf(session).cost.usd, 12);
  });
});

/** Sends as a session does; all of it must be taken. */
async function deliver(sent: readonly Exported[], url: string): Promise<void> {
  const transport = await createTransport({ kind: 'http', url, headers: {}, tls: null }, {});
  // All is to be taken: nothing is to be kept for later.
  const spool = { keep: () => ({ kind: 'failed', reason: 'ENOSPC' }) as const, waiting: () => [] };
  const destination = new OtlpDestination({
    url,
    needsHeaders: false,
    transport,
    spool,
    random: Math.random,
    now: () => performance.now(),
  });
  for (const { signal, request } of sent) {
    const records = countRecords(signal, request as never);
    destination.send(outgoing({ signal, request, records, settled: () => {} }));
  }
  await destination.close(10_000);
  expect(destination.report()).toMatchObject({ state: 'ok', lastError: null, dropped: 0 });
}

function counts(requests: readonly Exported[]): Record<Signal, number> {
  const total = { logs: 0, traces: 0, metrics: 0 };
  for (const { signal, request } of requests) total[signal] += countRecords(signal, request as never);
  return total;
}

function countedTokens(exposition: string): { input: number; output: number } {
  const total = { input: 0, output: 0 };
  for (const { name, labels, value } of valuesIn(exposition)) {
    if (!tokenCounters.has(name)) continue;
    const part = labels['type'] ?? labels['token_type'] ?? '';
    if (inputParts.has(part)) total.input += value;
    if (outputParts.has(part)) total.output += value;
  }
  return total;
}

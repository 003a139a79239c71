/** The shipped configurations of Alloy, run by the real Alloy: what the CLIs send by themselves arrives at the stores. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { type AlloyOptions, startAlloy } from '../support/backends/alloy.ts';
import { sendNative } from '../support/backends/native.ts';
import { exemplars, query, startPrometheus } from '../support/backends/prometheus.ts';
import { llmSpans, recordings, sessionsOf } from '../support/backends/recordings.ts';
import { logsIn, spansIn } from '../support/backends/telemetry.ts';
import { closedUrl, startCollector, startCollectorAt } from '../support/collector.ts';

const alloy = inject('alloy');
const prometheus = inject('prometheus');
const folder = fileURLToPath(new URL('../../templates/alloy/', import.meta.url));

const stabilities = {
  'single-user': 'generally-available',
  team: 'generally-available',
  'grafana-cloud': 'generally-available',
  'persistent-queue': 'public-preview',
  'native-metrics': 'experimental',
} as const;

/** Metrics of spans come every 15 seconds; a machine may be busy. */
const patience = { timeout: 120_000, interval: 250 };

describe.skipIf(alloy === null)('Alloy', { timeout: 2 * patience.timeout }, () => {
  test.each(Object.entries(stabilities))('accepts %s at %s, and not below', (name, stability) => {
    expect(validate(name, stability)).toBe('');
    if (stability !== 'generally-available') {
      expect(validate(name, 'generally-available')).toContain(stability);
    }
  });

  test.each(['single-user', 'team', 'native-metrics'] as const)(
    'with %s delivers what each CLI sends',
    async (name) => {
      const [tempo, loki] = [await startCollector(), await startCollector()];
      const { url } = await start(name, {
        TEMPO_OTLP_ENDPOINT: tempo.url,
        LOKI_OTLP_ENDPOINT: loki.url,
        PROM_REMOTE_WRITE_URL: await closedUrl(),
      });
      for (const { dir } of Object.values(recordings)) await sendNative(url, dir);
      for (const [serviceName, { sessionId }] of Object.entries(recordings)) {
        await expect
          .poll(() => sessionsOf(tempo.requests, spansIn, serviceName), patience)
          .toContain(sessionId);
        await expect
          .poll(() => sessionsOf(loki.requests, logsIn, serviceName), patience)
          .toContain(sessionId);
      }
    },
  );

  test('with grafana-cloud sends all to one place, with the password', async () => {
    const cloud = await startCollector();
    const { url } = await start('grafana-cloud', {
      GRAFANA_CLOUD_OTLP_ENDPOINT: cloud.url,
      GRAFANA_CLOUD_INSTANCE_ID: '1',
      GRAFANA_CLOUD_API_KEY: 'made-up',
    });
    await sendNative(url, recordings['claude-code'].dir);
    await expect.poll(() => new Set(cloud.requests.map(({ signal }) => signal)).size, patience).toBe(3);
    const expected = `Basic ${Buffer.from('1:made-up').toString('base64')}`;
    expect(new Set(cloud.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([expected]));
  });

  test('with persistent-queue delivers after a restart what the stores did not take before', async () => {
    const { dir, sessionId } = recordings.codex;
    const [tempoUrl, lokiUrl] = [await closedUrl(), await closedUrl()];
    const env = {
      TEMPO_OTLP_ENDPOINT: tempoUrl,
      LOKI_OTLP_ENDPOINT: lokiUrl,
      PROM_REMOTE_WRITE_URL: await closedUrl(),
    };
    const before = await start('persistent-queue', env);
    await sendNative(before.url, dir);
    await before.stop();
    expect(readdirSync(join(before.folder, 'otelcol.storage.file.queue'))).not.toEqual([]);

    const [tempo, loki] = [await startCollectorAt(tempoUrl), await startCollectorAt(lokiUrl)];
    await start('persistent-queue', env, before.folder);
    await expect.poll(() => sessionsOf(tempo.requests, spansIn, 'codex'), patience).toContain(sessionId);
    await expect.poll(() => sessionsOf(loki.requests, logsIn, 'codex'), patience).toContain(sessionId);
  });

  describe.skipIf(prometheus === null)('makes metrics of spans,', () => {
    const calls = 'traces_span_metrics_calls_total{openinference_span_kind="LLM"}';

    test('by team one series for all runs', async () => {
      const [store, tempo] = [await startPrometheus(prometheus ?? ''), await startCollector()];
      onTestFinished(() => store.remove());
      const { url } = await start('team', {
        TEMPO_OTLP_ENDPOINT: tempo.url,
        LOKI_OTLP_ENDPOINT: tempo.url,
        PROM_REMOTE_WRITE_URL: `${store.url}/api/v1/write`,
      });
      const response = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceSpans: [llmSpanOf('run-1'), llmSpanOf('run-2')] }),
      });
      expect(response.status).toBe(200);
      const values = async () => (await query(store.url, calls)).map(({ value }) => value);
      await expect.poll(values, patience).toEqual([2]);
    });

    test('and by native-metrics running totals of what the CLIs count from one request to the next', async () => {
      const store = await startPrometheus(prometheus ?? '');
      onTestFinished(() => store.remove());
      const { url } = await start('native-metrics', {
        TEMPO_OTLP_ENDPOINT: await closedUrl(),
        LOKI_OTLP_ENDPOINT: await closedUrl(),
        PROM_REMOTE_WRITE_URL: `${store.url}/api/v1/write`,
      });
      await sendNative(url, recordings.codex.dir);
      await sendNative(url, recordings['gemini-cli'].dir);
      const tokens = async () => {
        const codex = await query(store.url, 'codex_turn_token_usage_sum{token_type="input"}');
        const gemini = await query(store.url, 'gemini_cli_token_usage_total{type="input"}');
        return [codex, gemini].map((samples) => samples.reduce((sum, { value }) => sum + value, 0));
      };
      await expect.poll(tokens, patience).toEqual([2400, 1050]);
    });

    test.each([
      ['single-user', 'with'],
      ['team', 'without'],
    ] as const)('by %s %s a series for each session', async (name, session) => {
      const [store, tempo] = [await startPrometheus(prometheus ?? ''), await startCollector()];
      onTestFinished(() => store.remove());
      const { url } = await start(name, {
        TEMPO_OTLP_ENDPOINT: tempo.url,
        LOKI_OTLP_ENDPOINT: await closedUrl(),
        PROM_REMOTE_WRITE_URL: `${store.url}/api/v1/write`,
      });
      for (const { dir } of Object.values(recordings)) await sendNative(url, dir);

      await expect
        .poll(async () => countsOf(await query(store.url, `sum by (service_name) (${calls})`)), patience)
        .toEqual(llmSpans);
      const failed = await query(store.url, `${calls} and on (error_type) {error_type="auth"}`);
      expect(failed.map(({ metric }) => metric['service_name'])).toEqual(['claude-code']);
      const ids = (await query(store.url, `group by (session_id) (${calls})`)).flatMap(
        ({ metric }) => metric['session_id'] ?? [],
      );
      expect(ids.sort()).toEqual(
        session === 'with'
          ? Object.values(recordings)
              .map(({ sessionId }) => sessionId)
              .sort()
          : [],
      );

      const found = await exemplars(store.url, 'traces_span_metrics_duration_seconds_bucket');
      const traceIds = spansIn(tempo.requests).map(({ traceId }) => traceId);
      expect(found.length).toBeGreaterThan(0);
      for (const { labels } of found) expect(traceIds).toContain(labels['trace_id']);
    });
  });
});

function validate(name: string, stability: string): string {
  const words = ['validate', `--stability.level=${stability}`, `${folder}${name}.alloy`];
  const { error, stdout, stderr } = spawnSync(alloy ?? '', words, { encoding: 'utf8', env: {} });
  if (error) throw error;
  return stdout + stderr;
}

async function start(name: keyof typeof stabilities, env: AlloyOptions['env'], before?: string) {
  const started = await startAlloy({
    executable: alloy ?? '',
    config: `${folder}${name}.alloy`,
    env,
    stability: stabilities[name],
    ...(before !== undefined && { folder: before }),
  });
  onTestFinished(() => started.remove(), patience.timeout);
  return started;
}

function countsOf(samples: Awaited<ReturnType<typeof query>>) {
  return Object.fromEntries(samples.map(({ metric, value }) => [metric['service_name'], value]));
}

/** A span as ai-trace sends it. */
function llmSpanOf(runId: string) {
  const endTimeUnixNano = `${Date.now()}000000`;
  return {
    resource: {
      attributes: [
        { key: 'service.name', value: { stringValue: 'codex' } },
        { key: 'ai_trace.run.id', value: { stringValue: runId } },
      ],
    },
    scopeSpans: [
      {
        spans: [
          {
            traceId: '01'.repeat(16),
            spanId: '01'.repeat(8),
            name: 'chat gpt-5.5',
            startTimeUnixNano: endTimeUnixNano,
            endTimeUnixNano,
            attributes: [{ key: 'openinference.span.kind', value: { stringValue: 'LLM' } }],
          },
        ],
      },
    ],
  };
}

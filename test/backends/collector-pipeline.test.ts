/** The shipped configurations of the OpenTelemetry Collector, run by the real one: what the CLIs send by themselves arrives. */
import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { sendNative } from '../support/backends/native.ts';
import { readExported } from '../support/backends/otelcol.ts';
import { startTemplateCollector } from '../support/backends/otelcol-template.ts';
import { programFolder } from '../support/backends/program.ts';
import { exemplars, query, startPrometheus } from '../support/backends/prometheus.ts';
import { llmSpans, recordings, sessionsOf } from '../support/backends/recordings.ts';
import { logsIn, metricsIn, spansIn } from '../support/backends/telemetry.ts';
import { closedUrl, startCollector, startCollectorAt } from '../support/collector.ts';
import { pointsOf } from '../support/metric-points.ts';

const executable = inject('collector')?.executable ?? '';
const prometheus = inject('prometheus');
const folder = fileURLToPath(new URL('../../templates/collector/', import.meta.url));
/** Metrics of spans come every 15 seconds; a machine may be busy. */
const patience = { timeout: 120_000, interval: 250 };
const cumulative = 2;

describe.skipIf(executable === '')('the OpenTelemetry Collector', { timeout: 2 * patience.timeout }, () => {
  test.each(['stores', 'persistent-queue', 'file'])('accepts %s', (name) => {
    expect(validate(`${folder}${name}.yaml`)).toBe('');
  });

  test('would say so if it did not', async () => {
    const scratch = await programFolder('faulty');
    onTestFinished(() => rm(scratch, { recursive: true }));
    const faulty = join(scratch, 'faulty.yaml');
    await writeFile(faulty, 'receivers: {otlp: {protocolls: {}}}\n');
    expect(validate(faulty)).toContain('invalid keys');
  });

  test('with file writes all to files, as running totals', async () => {
    const { url, folder, stop } = await start('file', {});
    for (const { dir } of Object.values(recordings)) await sendNative(url, dir);
    await stop();
    const kept = await readExported(join(folder, 'ai-trace'));
    for (const [serviceName, { sessionId }] of Object.entries(recordings)) {
      expect(sessionsOf(kept, spansIn, serviceName)).toContain(sessionId);
      expect(sessionsOf(kept, logsIn, serviceName)).toContain(sessionId);
    }
    const points = metricsIn(kept).flatMap(({ metric, scope }) => pointsOf(metric, scope));
    expect(points.length).toBeGreaterThan(0);
    expect(new Set(points.map(({ temporality }) => temporality))).toEqual(new Set([cumulative]));
  });

  test('with persistent-queue delivers after a restart what the stores did not take before', async () => {
    const { dir, sessionId } = recordings.codex;
    const [tempoUrl, lokiUrl] = [await closedUrl(), await closedUrl()];
    const env = {
      TEMPO_OTLP_ENDPOINT: tempoUrl,
      LOKI_OTLP_ENDPOINT: lokiUrl,
      PROMETHEUS_OTLP_ENDPOINT: await closedUrl(),
    };
    const before = await start('persistent-queue', env);
    await sendNative(before.url, dir);
    await before.stop();

    const [tempo, loki] = [await startCollectorAt(tempoUrl), await startCollectorAt(lokiUrl)];
    await start('persistent-queue', env, before.folder);
    await expect.poll(() => sessionsOf(tempo.requests, spansIn, 'codex'), patience).toContain(sessionId);
    await expect.poll(() => sessionsOf(loki.requests, logsIn, 'codex'), patience).toContain(sessionId);
  });

  test.skipIf(prometheus === null)(
    'with stores delivers what each CLI sends, and makes metrics of spans',
    async () => {
      const [store, tempo, loki] = [
        await startPrometheus(prometheus ?? ''),
        await startCollector(),
        await startCollector(),
      ];
      onTestFinished(() => store.remove());
      const { url } = await start('stores', {
        TEMPO_OTLP_ENDPOINT: tempo.url,
        LOKI_OTLP_ENDPOINT: loki.url,
        PROMETHEUS_OTLP_ENDPOINT: `${store.url}/api/v1/otlp`,
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

      const calls = 'sum by (service_name) (traces_span_metrics_calls_total{openinference_span_kind="LLM"})';
      const counted = async () =>
        Object.fromEntries(
          (await query(store.url, calls)).map(({ metric, value }) => [metric['service_name'], value]),
        );
      await expect.poll(counted, patience).toEqual(llmSpans);
      const traceIds = spansIn(tempo.requests).map(({ traceId }) => traceId);
      const found = await exemplars(store.url, 'traces_span_metrics_duration_seconds_bucket');
      expect(found.length).toBeGreaterThan(0);
      for (const { labels } of found) expect(traceIds).toContain(labels['trace_id']);
    },
  );
});

function validate(path: string): string {
  const { error, stdout, stderr } = spawnSync(executable, ['validate', '--config', path], {
    encoding: 'utf8',
    env: {},
  });
  if (error) throw error;
  return stdout + stderr;
}

async function start(name: string, env: Readonly<Record<string, string>>, before?: string) {
  const started = await startTemplateCollector({
    executable,
    config: `${folder}${name}.yaml`,
    env,
    ...(before !== undefined && { folder: before }),
  });
  onTestFinished(() => started.remove(), patience.timeout);
  return started;
}

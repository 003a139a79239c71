/**
 * What the CLIs send by themselves, through the statements of the templates in the real processor: the same names and figures as
 * ai-trace gives the same recording, wherever that can be seen from one record alone.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { num, text } from '../../src/otlp/attributes.ts';
import type { KeyValue } from '../../src/otlp/types.ts';
import { isContent, isIdentity } from '../../src/pipeline/content-keys.ts';
import { providers } from '../../src/providers/index.ts';
import { sendNative } from '../support/backends/native.ts';
import { type Exported, readExported, startOtelcol } from '../support/backends/otelcol.ts';
import {
  logsIn,
  metricsIn,
  type Seen,
  type SeenLog,
  type SeenSpan,
  spansIn,
} from '../support/backends/telemetry.ts';
import { pointsOf } from '../support/metric-points.ts';
import { replay } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const scenarios = Object.entries(providers).flatMap(([id, provider]) =>
  readdirSync(`${captures}/${id}`).map((name) => ({ id, name, provider })),
);
const otelcol = inject('collector');

/** Here Codex makes up titles or has a sub-agent, each in a thread of its own: only ai-trace knows whose they are. */
const hasThreads = (scenario: string) =>
  /^codex\/(tui-two-prompts|tui-one-trace|exec-subagent)$/.test(scenario);

describe.skipIf(otelcol === null)('without ai-trace, the templates give', () => {
  test.each(scenarios)('$id/$name the names that ai-trace gives it', async ({ id, name, provider }) => {
    const dir = `${captures}/${id}/${name}`;
    const exported = await transformed(dir);
    const { sent } = await replay(provider, dir);

    const session = hasThreads(`${id}/${name}`) ? () => '' : sessionOf;
    expect(toldLogs(exported).map((log) => [session(log), ...meaningOf(log)])).toEqual(
      toldLogs(sent).map((log) => [session(log), ...meaningOf(log)]),
    );
    expect(kindSpans(exported).map((span) => [session(span), ...roleOf(span)])).toEqual(
      kindSpans(sent).map((span) => [session(span), ...roleOf(span)]),
    );
    for (const { resource } of [...spansIn(exported), ...logsIn(exported), ...metricsIn(exported)]) {
      expect(text(resource, 'service.name')).toBe(provider.serviceName);
      expect(text(resource, 'service.namespace')).toBe('ai-trace');
    }
  });

  test.each(scenarios)('$id/$name no word of who said what', async ({ id, name }) => {
    const exported = await transformed(`${captures}/${id}/${name}`);
    const records: (Seen & {
      attributes?: readonly KeyValue[];
      events?: readonly { attributes: readonly KeyValue[] }[];
    })[] = [...spansIn(exported), ...logsIn(exported), ...metricsIn(exported)];
    const kept = records.flatMap(({ resource, attributes = [], events = [] }) =>
      [resource, attributes, ...events.map((event) => event.attributes)].flat().map(({ key }) => key ?? ''),
    );
    const labels = metricsIn(exported).flatMap(({ metric }) =>
      pointsOf(metric).flatMap((point) => point.labels),
    );
    expect(labels).not.toContain('session.id');
    expect([...new Set([...kept, ...labels])].filter((key) => isContent(key) || isIdentity(key))).toEqual([]);
  });

  test('each failed call the class of its error, on its span too', async () => {
    const failures = {
      'claude/print-403-fails': 'auth',
      'gemini/headless-401-fails': 'auth',
      'gemini/headless-429-then-ok': 'rate_limit',
    };
    for (const [scenario, type] of Object.entries(failures)) {
      const exported = await transformed(`${captures}/${scenario}`);
      const failed = kindSpans(exported).filter(
        ({ attributes }) => text(attributes, 'error.type') !== undefined,
      );
      expect(failed.map(({ attributes, status }) => [text(attributes, 'error.type'), status?.code])).toEqual([
        [type, error],
      ]);
    }
  });
});

const error = 2;

async function transformed(dir: string): Promise<Exported[]> {
  if (!otelcol) throw new Error('no collector');
  const collector = await startOtelcol(otelcol);
  onTestFinished(() => collector.remove());
  await sendNative(collector.url, dir);
  await collector.stop();
  return readExported(collector.folder);
}

function toldLogs(exported: readonly Exported[]): SeenLog[] {
  return logsIn(exported).filter(({ attributes }) => text(attributes, 'ai_trace.event.name') !== undefined);
}

function kindSpans(exported: readonly Exported[]): SeenSpan[] {
  return spansIn(exported).filter(
    ({ attributes }) => text(attributes, 'openinference.span.kind') !== undefined,
  );
}

function sessionOf({ attributes }: { attributes: KeyValue[] }): string | undefined {
  return text(attributes, 'session.id');
}

function meaningOf({ attributes }: SeenLog) {
  const words = [
    'ai_trace.event.name',
    'error.type',
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.tool.name',
  ];
  const figures = ['input_tokens', 'output_tokens', 'cache_read.input_tokens', 'reasoning.output_tokens'];
  return [
    ...words.map((key) => text(attributes, key)),
    ...figures.map((key) => num(attributes, `gen_ai.usage.${key}`)),
  ];
}

function roleOf({ name, attributes }: SeenSpan) {
  return [name, text(attributes, 'openinference.span.kind')];
}

/** The transform statements of the shipped Alloy template, in the processor that Alloy wraps. */
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { text } from '../../src/otlp/attributes.ts';
import { readExported, startOtelcol } from '../support/backends/otelcol.ts';
import { logsIn, spansIn } from '../support/backends/telemetry.ts';

const otelcol = inject('collector');

describe.skipIf(otelcol === null)('the transform of the Alloy template', () => {
  test('gives native records the session under our key', async () => {
    const { spans, logs } = await transformed(
      [{ 'gen_ai.conversation.id': 'gemini' }, { 'conversation.id': 'codex' }, own, {}],
      [{ 'conversation.id': 'codex' }, own, {}],
    );
    expect(spans.map(({ attributes }) => text(attributes, 'session.id'))).toEqual([
      'gemini',
      'codex',
      'ours',
      undefined,
    ]);
    expect(logs.map(({ attributes }) => text(attributes, 'session.id'))).toEqual([
      'codex',
      'ours',
      undefined,
    ]);
  });

  test('hides keys of model providers in prompts', async () => {
    const { logs } = await transformed(
      [],
      [{ prompt: 'use sk-proj-0123456789abcdef_X, please' }, { prompt: 'task-force' }],
    );
    expect(logs.map(({ attributes }) => text(attributes, 'prompt'))).toEqual([
      'use sk-***, please',
      'task-force',
    ]);
  });
});

/** It names a conversation too, and keeps its session. */
const own = { 'session.id': 'ours', 'gen_ai.conversation.id': 'gemini', 'conversation.id': 'codex' };

type Attributes = Readonly<Record<string, string>>;

/** What a collector with these statements makes of spans and log records with these attributes. */
async function transformed(spans: readonly Attributes[], logs: readonly Attributes[]) {
  if (!otelcol) throw new Error('no collector');
  const collector = await startOtelcol(otelcol);
  onTestFinished(() => collector.remove());
  const ids = { traceId: '01'.repeat(16), spanId: '01'.repeat(8) };
  await post(`${collector.url}/v1/traces`, {
    resourceSpans: [
      {
        scopeSpans: [
          { spans: spans.map((attributes) => ({ ...ids, name: 'x', attributes: pairs(attributes) })) },
        ],
      },
    ],
  });
  await post(`${collector.url}/v1/logs`, {
    resourceLogs: [
      { scopeLogs: [{ logRecords: logs.map((attributes) => ({ attributes: pairs(attributes) })) }] },
    ],
  });
  await collector.stop();
  const exported = await readExported(collector.folder);
  return { spans: spansIn(exported), logs: logsIn(exported) };
}

async function post(url: string, request: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
  expect(response.status).toBe(200);
}

function pairs(attributes: Attributes) {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

/** What the templates do to what ai-trace sends, in the processor that Alloy wraps: next to nothing. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { decodeProtobuf, encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { KeyValue } from '../../src/otlp/types.ts';
import { identityKeys, isContent, isIdentity, nativeContentKeys } from '../../src/pipeline/content-keys.ts';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import { providers } from '../../src/providers/index.ts';
import { type Exported, readExported, startOtelcol } from '../support/backends/otelcol.ts';
import { logsIn, metricsIn, spansIn } from '../support/backends/telemetry.ts';
import { replay } from '../support/replay.ts';
import { transportTo } from '../support/transports.ts';

const otelcol = inject('collector');
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the templates of Alloy and the collector', () => {
  test('are what scripts/templates.mjs writes', () => {
    const words = ['scripts/templates.mjs', '--check'];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('come with the built program', () => {
    const words = ['bin/ai-trace.js', 'template', 'alloy-team'];
    const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, env: {} });
    expect(stderr.toString()).toBe('');
    expect(stdout.equals(readFileSync(`${root}/templates/alloy/team.alloy`))).toBe(true);
  });

  test('take out of spans and logs what ai-trace takes out, and nothing that it would keep', () => {
    const text = readFileSync(`${root}/templates/alloy/team.alloy`, 'utf8');
    const taken = ['span', 'log'].map((context) => {
      const pattern = new RegExp(`delete_matching_keys\\(${context}\\.attributes, "\\^\\(([^)]+)\\)`);
      return (pattern.exec(text)?.[1] ?? '').replaceAll('[.]', '.').split('|');
    });
    for (const keys of taken) {
      expect(keys.filter((key) => !isContent(key) && !isIdentity(key))).toEqual([]);
      expect(keys).toEqual(expect.arrayContaining([...identityKeys, ...nativeContentKeys]));
    }
  });
});

describe.skipIf(otelcol === null)('the transform of the templates', () => {
  test.each([
    ['codex', 'exec-tool'],
    ['gemini', 'headless-plain'],
    ['claude', 'print-plain'],
  ] as const)('leaves %s/%s as ai-trace sent it, but for labels of its metrics', async (id, name) => {
    if (!otelcol) throw new Error('no collector');
    const collector = await startOtelcol(otelcol);
    onTestFinished(() => collector.remove());
    const { sent: told } = await replay(providers[id], `${root}/test/fixtures/captures/${id}/${name}`);
    const transport = await transportTo(collector.url);
    const sent: Exported[] = [];
    for (const { signal, request } of told) {
      const body = encodeProtobuf(signal, request as never);
      const answer = await transport.export(signal, Payload.plain(body), new AbortController().signal);
      expect(answer).toMatchObject({ kind: 'taken' });
      const decoded = decodeProtobuf(signal, body);
      if (decoded.ok) sent.push({ signal, request: decoded.request });
    }
    await collector.stop();
    const kept = await readExported(collector.folder);

    expect(spansIn(kept).map(plain)).toEqual(spansIn(sent).map(plain));
    expect(logsIn(kept).map(plain)).toEqual(logsIn(sent).map(plain));
    expect(metricsIn(kept).map(({ resource }) => keysOf(resource))).toEqual(
      metricsIn(sent).map(({ resource }) => keysOf(resource)),
    );
  });
});

function plain({ resource, attributes }: { resource: readonly KeyValue[]; attributes: readonly KeyValue[] }) {
  return [keysOf(resource), keysOf(attributes)];
}

function keysOf(attributes: readonly KeyValue[]): string[] {
  return attributes.map(({ key = '', value }) => `${key}=${JSON.stringify(value)}`).sort();
}

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import { hex } from '../../src/otlp/hex.ts';
import { UnifiedMetrics } from '../../src/pipeline/unified/metrics.ts';
import { UnifiedTraces } from '../../src/pipeline/unified/traces.ts';
import { providers } from '../../src/providers/index.ts';
import type { ProviderId } from '../../src/providers/provider.ts';
import type { Recorder } from '../../src/session/recorder.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { totalTokens } from '../../src/session/usage.ts';
import { readRecording, replay, replayRequests } from '../support/replay.ts';
import { singly } from '../support/single-records.ts';
import {
  collect,
  countOf,
  endedAt,
  lastOfEach,
  type ReadPoint,
  readMetrics,
  sumOf,
} from '../support/unified-metrics.ts';

const root = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const ids = Object.keys(providers) as ProviderId[];
const captures = ids.flatMap((id) => readdirSync(`${root}/${id}`).map((name) => [id, name] as const));

describe.each(captures)('%s/%s', (id, name) => {
  const replayed = replay(providers[id], `${root}/${id}/${name}`);

  test('the metrics say what the receipt says', async () => {
    const { recorder, run, ids: spanIds } = await replayed;
    const metrics = new UnifiedMetrics(recorder, spanIds, run, 1000);
    expectReceipt(readMetrics(metrics.close(endedAt(recorder, 5000))), recorder);
  });

  test('and they do when they were told all the while that records came in', async () => {
    const { recorder, mapper, run, ids: spanIds, understanding } = await replayRequests(providers[id], []);
    const metrics = new UnifiedMetrics(recorder, spanIds, run, 1000);
    const told: ReadPoint[] = [];
    let now = 0;
    for (const request of singly(readRecording(`${root}/${id}/${name}`))) {
      const decoded = decode(request.signal, request.contentType, request.body);
      if (!decoded.ok) throw new Error(decoded.reason);
      // A while before it came, nothing had come.
      for (now = now || request.at; now + 2000 < request.at; now += 2000)
        told.push(...readMetrics(collect(metrics, now, mapper.settleMs + 1000)));
      now = request.at;
      understanding.read(decoded.request);
      told.push(...readMetrics(collect(metrics, now, mapper.settleMs + 1000)));
    }
    told.push(...readMetrics(metrics.close(endedAt(recorder, now))));
    expectReceipt(told, recorder);

    const spans = new UnifiedTraces(recorder, spanIds, run).close(endedAt(recorder, now)).map(placeOf);
    const exemplars = told.flatMap((point) => point.exemplars.map(placeOf));
    expect(exemplars.filter((place) => !spans.includes(place))).toEqual([]);
    expect(exemplars.length).toBeGreaterThan(0);
  });

  test('no id is a label', async () => {
    const { recorder, run, ids: spanIds } = await replayed;
    const points = readMetrics(
      new UnifiedMetrics(recorder, spanIds, run, 1000).close(endedAt(recorder, 5000)),
    );
    const labels = JSON.stringify(points.map((point) => point.labels));
    const { session } = recorder;
    const idsOf = [session.ids, session.llmCalls, session.errors, session.tools].flatMap((map) => [
      ...map.keys(),
    ]);
    expect(idsOf.length).toBeGreaterThan(0);
    for (const each of [...idsOf, ...session.traceIds]) expect(labels).not.toContain(each);
  });
});

function placeOf({ traceId, spanId }: { traceId?: Uint8Array; spanId?: Uint8Array }): string {
  return `${hex(traceId)}/${hex(spanId)}`;
}

function expectReceipt(points: readonly ReadPoint[], { session }: Recorder): void {
  const { usage, cost, models, errors, llmCalls, tools } = totalsOf(session);
  expect(sumOf(points, 'ai_trace.sessions')).toBe(1);
  expect(sumOf(points, 'ai_trace.tokens')).toBe(totalTokens(usage));
  expect(sumOf(points, 'ai_trace.cost')).toBeCloseTo(cost.usd, 9);
  expect(sumOf(points, 'ai_trace.errors')).toBe(errors.total);
  for (const row of models) {
    const own = points.filter(
      ({ labels }) =>
        labels['gen_ai.request.model'] === row.model && labels['ai_trace.call.role'] === row.role,
    );
    expect(sumOf(own, 'ai_trace.tokens')).toBe(totalTokens(row.usage));
    expect(sumOf(own, 'ai_trace.cost')).toBeCloseTo(row.cost.usd, 9);
    const answered = own.filter(({ labels }) => labels['error.type'] === undefined);
    expect(countOf(answered, 'ai_trace.llm.duration')).toBe(row.llmCalls);
  }
  expect(llmCalls).toBe(models.reduce((sum, row) => sum + row.llmCalls, 0));
  const types = Object.entries(errors.byType);
  for (const [type, count] of types) {
    const own = points.filter(({ labels }) => labels['error.type'] === type);
    expect(sumOf(own, 'ai_trace.errors')).toBe(count);
  }
  for (const tool of tools) {
    const own = points.filter(({ labels }) => labels['gen_ai.tool.name'] === tool.name);
    expect(sumOf(own, 'ai_trace.tool.duration')).toBeCloseTo(tool.durationMs / 1000, 9);
    const failed = own.filter(({ labels }) => labels['error.type'] === 'tool_error');
    expect(countOf(failed, 'ai_trace.tool.duration')).toBe(tool.failures);
  }
  expect(lastOfEach(points).every(({ value }) => value > 0)).toBe(true);
}

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { text } from '../../src/otlp/attributes.ts';
import { hex } from '../../src/otlp/hex.ts';
import type { LogRecord } from '../../src/otlp/types.ts';
import { isContent } from '../../src/pipeline/content-keys.ts';
import type { Ended } from '../../src/pipeline/unified/session-span.ts';
import { providers } from '../../src/providers/index.ts';
import type { ProviderId } from '../../src/providers/provider.ts';
import type { Session } from '../../src/session/session.ts';
import { type Totals, totalsOf } from '../../src/session/totals.ts';
import { readRecording, replay, replayRequests } from '../support/replay.ts';
import { singly } from '../support/single-records.ts';
import { answers, type ReadSpan, readSpan, spentBy, spentIn } from '../support/unified-spans.ts';

const root = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const ids = Object.keys(providers) as ProviderId[];
const captures = ids.flatMap((id) => readdirSync(`${root}/${id}`).map((name) => [id, name] as const));

/** Clocks of logs and spans of one CLI may disagree by this much, ms. */
const slackMs = 50;

/** All that one run sends as unified spans, and its logs, as they leave. */
async function unified(running: ReturnType<typeof replay>) {
  const run = await running;
  const { session, pipeline, sent } = run;
  const totals = totalsOf(session);
  const spans = run.unified.close(endedOf(session, totals));
  const logs = sent.flatMap(({ request }) => ('resourceLogs' in request ? logsIn(request) : []));
  pipeline.send('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] });
  await pipeline.settled();
  return { ...run, totals, logs, spans: spans.map(readSpan) };
}

type Unified = Awaited<ReturnType<typeof unified>>;

function endedOf({ prompts, llmCalls, errors, tools, turnEnds }: Session, totals: Totals): Ended {
  const times = [
    ...[...prompts, ...errors.values()].map(({ at }) => at),
    ...[...llmCalls.values(), ...tools.values(), ...turnEnds].map(({ endedAt }) => endedAt),
  ];
  const exit = { code: 0, signal: null };
  return { startedAt: Math.min(...times), endedAt: Math.max(...times), exit, totals };
}

function logsIn(request: { resourceLogs: { scopeLogs: { logRecords: LogRecord[] }[] }[] }): LogRecord[] {
  return request.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
}

const placeOf = ({ traceId, spanId }: { traceId: string; spanId: string }) => `${traceId}/${spanId}`;
const turnsIn = (spans: readonly ReadSpan[]) =>
  spans.filter(({ attributes }) => text(attributes, 'ai_trace.turn.kind') !== undefined);
const sessionIn = (spans: readonly ReadSpan[]) => spans.filter(({ name }) => name.startsWith('ai-trace '));

describe.each(captures)('%s/%s', (id, name) => {
  const dir = `${root}/${id}/${name}`;
  let once: Promise<Unified> | undefined;
  const result = () => {
    once ??= unified(replay(providers[id], dir));
    return once;
  };

  test('every span has an id of its own, and a parent in its own trace', async () => {
    const { spans } = await result();
    const places = new Set(spans.map(placeOf));
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const roots = spans.filter(({ parentId }) => parentId === '');
    expect(roots.map(placeOf).sort()).toEqual([...turnsIn(spans), ...sessionIn(spans)].map(placeOf).sort());
    for (const { traceId, parentId, name } of spans) {
      if (parentId !== '') expect(places, name).toContain(placeOf({ traceId, spanId: parentId }));
    }
  });

  test('what was done for a turn was done while it lasted', async () => {
    const { spans } = await result();
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    for (const span of spans.filter(({ kind }) => kind === 'LLM' || kind === 'TOOL')) {
      expect(span.endedAt, span.name).toBeGreaterThanOrEqual(span.startedAt);
      const above = ancestors(span, byId);
      const turn = above.at(-1);
      if (!turn || sessionIn([turn]).length > 0 || above.length > 1) continue;
      expect(span.startedAt, span.name).toBeGreaterThanOrEqual(turn.startedAt - slackMs);
      expect(span.endedAt, span.name).toBeLessThanOrEqual(turn.endedAt + slackMs);
    }
  });

  test('the LLM spans together spend what the receipt says', async () => {
    const { spans, totals } = await result();
    const sent = spentIn(spans);
    const told = spentBy(totals);
    expect(sent.usage).toEqual(told.usage);
    expect(Math.abs(sent.usd - told.usd)).toBeLessThanOrEqual(1e-9);
  });

  test('each call, each tool and each failed attempt is one span', async () => {
    const { spans, session } = await result();
    const llm = spans.filter(({ kind }) => kind === 'LLM');
    expect(answers(llm).filter(({ isCorrection }) => !isCorrection)).toHaveLength(session.llmCalls.size);
    expect(llm.filter(({ errorType }) => errorType !== null)).toHaveLength(session.errors.size);
    expect(spans.filter(({ kind }) => kind === 'TOOL')).toHaveLength(session.tools.size);
    expect(turnsIn(spans)).toHaveLength(session.prompts.filter(({ author }) => author !== 'helper').length);
  });

  test('every log leads to a span that is sent', async () => {
    const { spans, logs } = await result();
    const places = new Set(spans.map(placeOf));
    for (const record of logs) {
      const label = text(record.attributes, 'event.name') ?? '';
      expect(places, label).toContain(placeOf({ traceId: hex(record.traceId), spanId: hex(record.spanId) }));
      expect(record.flags, label).toBe(1);
    }
    expect(logs.length).toBeGreaterThan(0);
  });

  test('the session leads to its turns, and every link to a span', async () => {
    const { spans } = await result();
    const places = new Set(spans.map(placeOf));
    const [session, ...more] = sessionIn(spans);
    expect(more).toEqual([]);
    expect(session?.links.map(placeOf).sort()).toEqual(turnsIn(spans).map(placeOf).sort());
    for (const { name, links } of spans)
      for (const link of links) expect(places, name).toContain(placeOf(link));
  });

  test('nothing that was said or done leaves when it was not asked for', async () => {
    const { spans } = await result();
    const carried = spans.flatMap(({ span }) => [span.attributes, ...span.events.map((e) => e.attributes)]);
    expect(carried.flat().flatMap(({ key = '' }) => (isContent(key) ? [key] : []))).toEqual([]);
  });

  test('no attribute is longer than what Tempo keeps of it', async () => {
    const { spans } = await result();
    const values = spans
      .flatMap(({ span }) => [span, ...span.events])
      .flatMap(({ attributes }) => attributes);
    const tooLong = values.filter(({ value }) => Buffer.byteLength(value?.stringValue ?? '') > 2048);
    expect(tooLong.map(({ key }) => key)).toEqual([]);
  });

  test.each([
    ['spans before logs', ['traces', 'metrics', 'logs']],
    ['logs before spans', ['logs', 'traces', 'metrics']],
  ] as const)('the spans are the same when records come one by one, %s', async (_, order) => {
    const { spans } = await result();
    const requests = singly(readRecording(dir)).toSorted(
      (a, b) => order.indexOf(a.signal) - order.indexOf(b.signal),
    );
    const other = await unified(replayRequests(providers[id], requests));
    const shape = ({ traceId, spanId, parentId, name, usd }: ReadSpan) =>
      [traceId, spanId, parentId, name, usd?.toFixed(9)].join(' ');
    expect(other.spans.map(shape).sort()).toEqual(spans.map(shape).sort());
  });
});

test.each(['exec-plain', 'exec-tool', 'exec-websocket-tool', 'exec-429-then-ok', 'exec-code-mode'])(
  'one prompt to Codex is a small trace: %s',
  async (name) => {
    const { spans } = await unified(replay(providers.codex, `${root}/codex/${name}`));
    expect(spans.length).toBeLessThanOrEqual(15);
  },
);

/** From the parent to the root. */
function ancestors({ parentId }: ReadSpan, byId: ReadonlyMap<string, ReadSpan>): ReadSpan[] {
  const parent = byId.get(parentId);
  return parent ? [parent, ...ancestors(parent, byId)] : [];
}

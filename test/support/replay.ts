import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { type ContentMode, createContentPolicy } from '../../src/pipeline/content.ts';
import { type Destination, emptyReport } from '../../src/pipeline/delivery/destination.ts';
import { Enrichment } from '../../src/pipeline/enrichment.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import { Understanding } from '../../src/pipeline/understand.ts';
import { LogPlaces } from '../../src/pipeline/unified/log-places.ts';
import { type TraceShape, UnifiedIds } from '../../src/pipeline/unified/span-ids.ts';
import { UnifiedTraces } from '../../src/pipeline/unified/traces.ts';
import { createPricer } from '../../src/pricing/pricer.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { AgentEvent } from '../../src/session/event.ts';
import { Recorder } from '../../src/session/recorder.ts';
import { runAttributes } from './run-attributes.ts';

/** One request of a recording, as `--record` keeps it. */
export interface Recorded {
  signal: Signal;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  body: Buffer;
  at: number;
}

export function readRecording(dir: string): Recorded[] {
  const metas = readdirSync(dir).filter((name) => name.endsWith('.meta.json'));
  return metas.sort().map((name) => {
    const meta = JSON.parse(readFileSync(join(dir, name), 'utf8'));
    const stem = name.slice(0, -'.meta.json'.length);
    const file = readdirSync(dir).find((other) => other.startsWith(`${stem}.`) && other !== name) ?? '';
    return {
      signal: meta.signal,
      contentType: meta.headers['content-type'],
      contentEncoding: meta.headers['content-encoding'],
      body: readFileSync(join(dir, file)),
      at: meta.arrival_unix_ms,
    };
  });
}

/** What a provider makes of a recording: the session, its events as they came, and what would be forwarded. */
export async function replay(provider: Provider, dir: string, content: ContentMode = 'none') {
  return replayRequests(provider, readRecording(dir), content);
}

export async function replayRequests(
  provider: Provider,
  recorded: readonly Recorded[],
  contentMode: ContentMode = 'none',
  { keepsSpans = true, ...shape }: Partial<TraceShape> & { keepsSpans?: boolean } = {},
) {
  const recorder = new Recorder(await createPricer({ overrides: new Map() }), provider);
  const mapper = provider.createMapper();
  const { id, ...texts } = provider;
  const run = runAttributes({
    ...texts,
    runId: 'run-0',
    provider: id,
    tags: { team: 'red' },
    withContent: contentMode !== 'none',
  });
  const events: AgentEvent[] = [];
  const content = await createContentPolicy(contentMode);
  const ids = new UnifiedIds({ scope: 'turn', runId: run.runId, parent: null, sampleRate: 1, ...shape });
  const unified = new UnifiedTraces(recorder, ids, run);
  const onEvent = (event: AgentEvent) => {
    events.push(event);
    unified.onEvent(event, 0);
  };
  const understanding = new Understanding({
    recognises: provider.recognises,
    mapper,
    recorder,
    enrichment: new Enrichment({
      recorder,
      run,
      content,
      places: new LogPlaces(recorder, ids, true),
      keepsSpan: keepsSpans ? () => true : null,
      now: Date.now,
    }),
    onEvent,
  });
  const sent: { signal: Signal; request: ExportRequest }[] = [];
  const destination: Destination = {
    send: ({ signal, request, settled }) => {
      sent.push({ signal, request });
      settled();
    },
    close: async () => {},
    report: () => emptyReport('test'),
  };
  const pipeline = new Pipeline(understanding, [destination], content);
  for (const received of recorded) pipeline.accept(received);
  await pipeline.settled();
  for (const event of mapper.finish()) recorder.fold(event);
  return {
    session: recorder.session,
    recorder,
    mapper,
    events,
    understanding,
    pipeline,
    sent,
    run,
    ids,
    unified,
  };
}

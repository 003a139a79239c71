import { hostname, userInfo } from 'node:os';
import type { RunOptions } from '../options/run-options.ts';
import { createContentPolicy } from '../pipeline/content.ts';
import type { Destination } from '../pipeline/delivery/destination.ts';
import type { RunAttributes } from '../pipeline/enrich.ts';
import { Enrichment } from '../pipeline/enrichment.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { Understanding } from '../pipeline/understand.ts';
import { LogPlaces } from '../pipeline/unified/log-places.ts';
import { UnifiedMetrics } from '../pipeline/unified/metrics.ts';
import { OwnTelemetry } from '../pipeline/unified/own-telemetry.ts';
import { UnifiedIds } from '../pipeline/unified/span-ids.ts';
import { parseTraceParent } from '../pipeline/unified/trace-context.ts';
import { UnifiedTraces } from '../pipeline/unified/traces.ts';
import type { PriceOverrides } from '../pricing/overrides.ts';
import { readPriceCache } from '../pricing/price-cache.ts';
import { createPricer } from '../pricing/pricer.ts';
import type { Mapper, Provider } from '../providers/provider.ts';
import type { AgentEvent } from '../session/event.ts';
import { Recorder } from '../session/recorder.ts';
import type { Session } from '../session/session.ts';
import { version } from '../version.ts';
import type { GitFacts } from './git.ts';

export interface TracingSetup {
  provider: Provider;
  options: Pick<RunOptions, 'traces' | 'traceScope' | 'sampleRate' | 'content' | 'tags' | 'attribution'>;
  overrides: PriceOverrides;
  runId: string;
  /** Unix ms. */
  startedAt: number;
  cliVersion: string | null;
  git: GitFacts | null;
  /** The `traceparent` that the run's own spans are below. */
  traceParent: string | null;
  /** The run whose CLI has started this one. */
  parentRunId: string | null;
  /** File of the cached price list. */
  priceCache: string;
  destinations: readonly Destination[];
  /** Is told each event once the session knows of it. */
  onEvent(event: AgentEvent): void;
}

/** Everything that turns the requests of a CLI into a session and into what is forwarded. */
export interface Tracing {
  recorder: Recorder;
  mapper: Mapper;
  understanding: Understanding;
  pipeline: Pipeline;
  own: OwnTelemetry;
  /** Traces that were sent, hex, oldest first. */
  traceIds(): readonly string[];
  destinations: readonly Destination[];
  cliVersion: string | null;
  git: GitFacts | null;
}

export async function startTracing(given: TracingSetup): Promise<Tracing> {
  const setup = withoutWaste(given);
  const { provider, options, overrides, startedAt, destinations, cliVersion, git } = setup;
  const cached = readPriceCache(setup.priceCache);
  const content = await createContentPolicy(options.content);
  const price = await createPricer({ overrides, ...(cached?.newer && { newer: cached.newer.list }) });
  const { vendor, fallbackModel, recognises } = provider;

  const recorder = new Recorder(price, { vendor, ...(fallbackModel && { fallbackModel }) });
  const mapper = provider.createMapper();
  const run = runAttributes(setup, recorder.session);
  const { ids, spans, places, keepsSpan } = tracesOf(setup, recorder, run);
  const understanding = new Understanding({
    recognises,
    mapper,
    recorder,
    enrichment: isForwarded(setup)
      ? new Enrichment({ recorder, run, content, places, keepsSpan, now: Date.now })
      : null,
    onEvent: setup.onEvent,
  });
  const pipeline = new Pipeline(understanding, destinations, content);
  const own = new OwnTelemetry({
    recorder,
    run,
    traces: spans && { spans, ids },
    metrics: new UnifiedMetrics(recorder, spans && ids, run, startedAt),
    version,
    settleMs: () => mapper.settleMs,
    send: (signal, request) => pipeline.send(signal, request),
  });
  return {
    recorder,
    mapper,
    understanding,
    pipeline,
    own,
    traceIds: () => traceIdsOf(options, recorder, spans),
    destinations,
    cliVersion,
    git,
  };
}

function isForwarded({ destinations }: TracingSetup): boolean {
  return destinations.length > 0;
}

/** Where nothing is forwarded, there are no spans to make and no content to clean. */
function withoutWaste(setup: TracingSetup): TracingSetup {
  if (isForwarded(setup)) return setup;
  return { ...setup, options: { ...setup.options, traces: 'none', content: 'none' } };
}

function runAttributes(
  { provider, options, runId, parentRunId, cliVersion, git }: TracingSetup,
  session: Session,
): RunAttributes {
  const { id, serviceName, genAiProvider, operationName, vendor } = provider;
  const { attribution, tags, content } = options;
  return {
    runId,
    parentRunId,
    provider: id,
    serviceName,
    get genAiProvider() {
      return session.genAiProvider ?? genAiProvider;
    },
    operationName,
    vendor,
    cliVersion,
    tags,
    git: attribution.includes('repository') ? git : null,
    host: attribution.includes('host') ? hostname() : null,
    user: attribution.includes('user') ? userInfo().username : null,
    platform: process.platform,
    withContent: content !== 'none',
  };
}

/** What becomes of spans: ours, the CLI's own, and what ties the logs to them. */
function tracesOf({ options, traceParent }: TracingSetup, recorder: Recorder, run: RunAttributes) {
  const { traces, traceScope, sampleRate } = options;
  const parent = parseTraceParent(traceParent ?? undefined);
  const ids = new UnifiedIds({ scope: traceScope, runId: run.runId, parent, sampleRate });
  const isUnified = traces === 'unified' || traces === 'both';
  const isNative = traces === 'native' || traces === 'both';
  return {
    ids,
    spans: isUnified ? new UnifiedTraces(recorder, ids, run) : null,
    places: isUnified ? new LogPlaces(recorder, ids, isNative) : null,
    keepsSpan: isNative
      ? (traceId: Uint8Array | undefined) => traceId !== undefined && ids.isSampled(traceId)
      : null,
  };
}

function traceIdsOf(
  { traces }: TracingSetup['options'],
  { session }: Recorder,
  spans: UnifiedTraces | null,
): string[] {
  if (spans) return [...spans.traceIds];
  return traces === 'native' ? [...session.traceIds] : [];
}

import { hostname, userInfo } from 'node:os';
import type { RunOptions } from '../options/run-options.ts';
import { createContentPolicy } from '../pipeline/content.ts';
import type { Destination } from '../pipeline/destination.ts';
import type { RunAttributes } from '../pipeline/enrich.ts';
import { FileDestination } from '../pipeline/file-destination.ts';
import { HttpDestination } from '../pipeline/http-destination.ts';
import type { Received } from '../pipeline/listener.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { Recording } from '../pipeline/recording.ts';
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
import type { Notice } from '../report/messages.ts';
import { Recorder } from '../session/recorder.ts';
import type { Session } from '../session/session.ts';
import { version } from '../version.ts';
import { cliVersionOf } from './cli-version.ts';
import { type GitFacts, gitFacts } from './git.ts';
import { hasDesktop, Notifier } from './notifier.ts';

export interface TracingSetup {
  provider: Provider;
  options: RunOptions;
  overrides: PriceOverrides;
  runId: string;
  /** Unix ms. */
  startedAt: number;
  cwd: string;
  /** The CLI's program file. */
  cliFile: string;
  priceCache: string;
}

/** Everything of a traced run that is not needed to start the CLI: it loads while the CLI boots. */
export interface Tracing {
  recorder: Recorder;
  mapper: Mapper;
  understanding: Understanding;
  pipeline: Pipeline;
  own: OwnTelemetry;
  /** Traces that were sent, hex, oldest first. */
  traceIds(): readonly string[];
  notifier: Notifier;
  destinations: readonly Destination[];
  cliVersion: string | null;
  git: GitFacts | null;
  notices: Notice[];
  accept(received: Received): void;
}

export async function startTracing(setup: TracingSetup): Promise<Tracing> {
  const { provider, options, overrides, cwd, cliFile, startedAt } = setup;
  const [cached, git, content] = await Promise.all([
    readPriceCache(setup.priceCache),
    gitFacts(cwd),
    createContentPolicy(options.content),
  ]);
  const price = await createPricer({ overrides, ...(cached?.newer && { newer: cached.newer.list }) });
  const cliVersion = cliVersionOf(cliFile, provider.npmPackage);
  const { vendor, fallbackModel, recognises } = provider;

  const recorder = new Recorder(price, { vendor, ...(fallbackModel && { fallbackModel }) });
  const mapper = provider.createMapper();
  const run = runAttributes(setup, cliVersion, git, recorder.session);
  const notifier = new Notifier(recorder.session, provider.title, {
    mode: options.notify,
    attended: process.stderr.isTTY === true && hasDesktop(process.platform, process.env),
  });
  const { ids, spans, places, keepsSpan } = tracesOf(options, recorder, run);
  const understanding = new Understanding({
    recognises,
    mapper,
    recorder,
    run,
    content,
    places,
    keepsSpan,
    onEvent: (event) => {
      notifier.onEvent(event);
      own.onEvent(event);
    },
  });
  const destinations = createDestinations(options);
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
  const notices: Notice[] = [];
  const recording = openRecording(options.record, notices);
  return {
    recorder,
    mapper,
    understanding,
    pipeline,
    own,
    traceIds: () => traceIdsOf(options, recorder, spans),
    notifier,
    destinations,
    cliVersion,
    git,
    notices,
    accept: (received) => {
      recording?.(received);
      pipeline.accept(received);
    },
  };
}

function runAttributes(
  { provider, options, runId }: TracingSetup,
  cliVersion: string | null,
  git: GitFacts | null,
  session: Session,
): RunAttributes {
  const { id, serviceName, genAiProvider, operationName, vendor } = provider;
  const { attribution, tags, content } = options;
  return {
    runId,
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
function tracesOf({ traces, traceScope, sampleRate }: RunOptions, recorder: Recorder, run: RunAttributes) {
  const parent = parseTraceParent(process.env['TRACEPARENT']);
  const ids = new UnifiedIds({ scope: traceScope, runId: run.runId, parent, sampleRate });
  const isUnified = traces === 'unified' || traces === 'both';
  const isNative = traces === 'native' || traces === 'both';
  return {
    ids,
    spans: isUnified ? new UnifiedTraces(recorder, ids, run) : null,
    places: isUnified ? new LogPlaces(recorder, ids, isNative) : null,
    keepsSpan: (traceId: Uint8Array | undefined) =>
      isNative && traceId !== undefined && ids.isSampled(traceId),
  };
}

function traceIdsOf({ traces }: RunOptions, { session }: Recorder, spans: UnifiedTraces | null): string[] {
  if (spans) return [...spans.traceIds];
  return traces === 'native' ? [...session.traceIds] : [];
}

function createDestinations({ forward }: RunOptions): Destination[] {
  const destinations: Destination[] = [];
  for (const target of forward) {
    if (target.kind === 'http') destinations.push(new HttpDestination(target.url, target.headers));
    if (target.kind === 'file') destinations.push(new FileDestination(target.path));
  }
  return destinations;
}

/** Recording is an extra: what goes wrong with it is told once, and the run goes on. */
function openRecording(dir: string | null, notices: Notice[]): ((received: Received) => void) | undefined {
  if (dir === null) return undefined;
  let recording: Recording | undefined;
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      recording = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      notices.push({ kind: 'recording_failed', dir, reason });
    }
  };
  attempt(() => {
    recording = new Recording(dir);
  });
  return (received) => attempt(() => recording?.keep(received));
}

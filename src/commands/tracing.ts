import type { RunOptions } from '../options/run-options.ts';
import type { Destination } from '../pipeline/destination.ts';
import { FileDestination } from '../pipeline/file-destination.ts';
import { HttpDestination } from '../pipeline/http-destination.ts';
import type { Received } from '../pipeline/listener.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { Recording } from '../pipeline/recording.ts';
import { Understanding } from '../pipeline/understand.ts';
import type { PriceOverrides } from '../pricing/overrides.ts';
import { readPriceCache } from '../pricing/price-cache.ts';
import { createPricer } from '../pricing/pricer.ts';
import type { Mapper, Provider } from '../providers/provider.ts';
import type { Notice } from '../report/messages.ts';
import { Recorder } from '../session/recorder.ts';
import { cliVersionOf } from './cli-version.ts';
import { type GitFacts, gitFacts } from './git.ts';
import { hasDesktop, Notifier } from './notifier.ts';

export interface TracingSetup {
  provider: Provider;
  options: RunOptions;
  overrides: PriceOverrides;
  runId: string;
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
  notifier: Notifier;
  destinations: readonly Destination[];
  cliVersion: string | null;
  git: GitFacts | null;
  notices: Notice[];
  accept(received: Received): void;
}

export async function startTracing(setup: TracingSetup): Promise<Tracing> {
  const { provider, options, overrides, runId, cwd, cliFile } = setup;
  const [cached, git] = await Promise.all([readPriceCache(setup.priceCache), gitFacts(cwd)]);
  const price = await createPricer({ overrides, ...(cached?.newer && { newer: cached.newer.list }) });
  const cliVersion = cliVersionOf(cliFile, provider.npmPackage);
  const { serviceName, genAiProvider, vendor, fallbackModel } = provider;

  const recorder = new Recorder(price, { vendor, ...(fallbackModel && { fallbackModel }) });
  const mapper = provider.createMapper();
  const run = { runId, serviceName, genAiProvider, cliVersion, tags: options.tags, git };
  const notifier = new Notifier(recorder.session, provider.title, {
    mode: options.notify,
    attended: process.stderr.isTTY === true && hasDesktop(process.platform, process.env),
  });
  const understanding = new Understanding(provider.recognises, mapper, recorder, run, (event) =>
    notifier.onEvent(event),
  );
  const destinations = createDestinations(options);
  const pipeline = new Pipeline(understanding, destinations);
  const notices: Notice[] = [];
  const recording = openRecording(options.record, notices);
  return {
    recorder,
    mapper,
    understanding,
    pipeline,
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

import type { FilePaths } from '../files/paths.ts';
import type { RunOptions } from '../options/run-options.ts';
import type { Received } from '../pipeline/listener/listener.ts';
import type { Passage } from '../pipeline/pipeline.ts';
import type { Spool } from '../pipeline/spool/spool.ts';
import type { PriceOverrides } from '../pricing/overrides.ts';
import { providers } from '../providers/index.ts';
import type { Cli } from '../providers/provider.ts';
import type { Notice } from '../report/messages.ts';
import { openDestinations } from './destinations.ts';
import { openSpool } from './disk.ts';
import { setEngineFlags } from './engine-flags.ts';
import { gitFacts } from './git.ts';
import { hasDesktop, Notifier } from './notifier.ts';
import { openRecording } from './recording.ts';
import { recoverRuns } from './recover.ts';
import { startTracing, type Tracing } from './tracing.ts';

/** By then a session has called most of what it will call; much later V8 forgets what it called once. ms */
const keepAfterMs = 5_000;

export interface LiveSetup {
  provider: Cli;
  options: RunOptions;
  overrides: PriceOverrides;
  runId: string;
  /** Unix ms. */
  startedAt: number;
  cwd: string;
  cliVersion: string | null;
  /** The `traceparent` that the run's own spans are below. */
  traceParent: string | null;
  parentRunId: string | null;
  priceCache: string;
  paths: FilePaths;
  /** Keeps what V8 has compiled by then, as of src/main.ts. */
  keepCompiled(): void;
}

/** The tracing of a CLI that runs, with what belongs to a desk: notifications, a recording, what earlier runs have left. */
export interface LiveTracing extends Tracing {
  notifier: Notifier;
  spool: Spool;
  notices: Notice[];
  /** Ends the work on what killed runs have left; it goes on with the next run. */
  stopRecovery(): void;
  accept(received: Received, passage: Passage): void;
  /** For the next start. */
  keepCompiled(): void;
}

/** Everything of a traced run that is not needed to start the CLI: it loads while the CLI boots. */
export async function startLiveTracing(setup: LiveSetup): Promise<LiveTracing> {
  const { provider, options, cwd, paths } = setup;
  const spool = openSpool(paths.spoolDir, options.spoolLimitBytes);
  const [git, destinations] = await Promise.all([gitFacts(cwd), openDestinations(options, spool)]);
  const notices: Notice[] = [];
  const tracing = await startTracing({
    ...setup,
    provider: providers[provider.id],
    git,
    destinations,
    onEvent: (event) => {
      notifier.onEvent(event);
      tracing.own.onEvent(event);
    },
  });
  const notifier = new Notifier(tracing.recorder.session, provider.title, {
    mode: options.notify,
    attended: process.stderr.isTTY === true && hasDesktop(process.platform, process.env),
  });
  const record = openRecording(options.record, notices);
  const stop = new AbortController();
  recoverRuns(paths, spool, { abort: stop.signal })
    .then(({ refused }) => refused > 0 && notices.push({ kind: 'unrecovered', runs: refused }))
    .catch(() => {});
  const flags = setEngineFlags();
  const keepCompiled = () => {
    const { logs, spans, metricPoints } = tracing.understanding.received;
    // Else what understands requests has not been called yet.
    if (logs + spans + metricPoints > 0) flags.withUsual(setup.keepCompiled);
  };
  setTimeout(keepCompiled, keepAfterMs).unref();
  return {
    ...tracing,
    notifier,
    spool,
    notices,
    stopRecovery: () => stop.abort(),
    accept: (received, passage) => {
      record(received);
      flags.look();
      tracing.pipeline.accept(received, passage);
    },
    keepCompiled,
  };
}

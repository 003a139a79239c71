import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FilePaths } from '../../files/paths.ts';
import type { RunOptions } from '../../options/run-options.ts';
import type { Destination } from '../../pipeline/delivery/destination.ts';
import { secretHeader } from '../../pipeline/listener/request-target.ts';
import type { PriceOverrides } from '../../pricing/overrides.ts';
import { providers } from '../../providers/index.ts';
import type { ConfigPlace } from '../../providers/persistent-settings.ts';
import type { ProbeStart } from '../../providers/probe.ts';
import { probes } from '../../providers/probes.ts';
import type { Cli, InjectionConflict, Variables } from '../../providers/provider.ts';
import { totalsOf } from '../../session/totals.ts';
import { untilFlushed } from '../cli-flush.ts';
import type { StartableCli } from '../find-cli.ts';
import { PrivateFiles } from '../private-files.ts';
import { startTracing, type Tracing } from '../tracing.ts';
import { type ChildEnd, runChild } from './child.ts';
import { startProbeListener } from './probe-listener.ts';
import { probeIdKey } from './probe-telemetry.ts';
import { type RefusingModel, startRefusingModel } from './refusing-model.ts';

export interface CliRunSetup {
  provider: Cli;
  /** The user's own. */
  place: ConfigPlace;
  cli: StartableCli;
  cliVersion: string | null;
  options: RunOptions;
  overrides: PriceOverrides;
  paths: FilePaths;
  probeId: string;
  destinations: readonly Destination[];
}

/** What became of one CLI, started as in a session. Times are ms since its start. */
export interface CliRun {
  end: ChildEnd;
  endedMs: number;
  /** When it asked its model; null if it never did. */
  askedMs: number | null;
  /** When its first telemetry came; null if none did. */
  receivedMs: number | null;
  conflicts: readonly InjectionConflict[];
  received: { logs: number; spans: number; metricPoints: number; undecodable: number };
  /** What ai-trace made of it. `tookMs` after the last record. */
  understood: { sessionId: string | null; prompts: number; failures: number; tookMs: number };
}

/** No CLI takes longer than a few seconds to start and to be refused. ms */
export const cliLimitMs = 60_000;
/** As at the end of a session. ms */
const flushLimitMs = 2000;

/**
 * Starts the CLI as `run` does, by the same settings and through the same pipeline, in an empty folder and with a model
 * that refuses. @throws what keeps any session from being traced
 */
export async function runCli(setup: CliRunSetup): Promise<CliRun> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ai-trace-doctor-')));
  const { refusal, questionPath, refusesAfterMs } = probes[setup.provider.id];
  const model = await startRefusingModel(refusal, questionPath, refusesAfterMs);
  try {
    return await runIn(folder, model, setup);
  } finally {
    model.close();
    removeFolder(folder);
  }
}

async function runIn(folder: string, model: RefusingModel, setup: CliRunSetup): Promise<CliRun> {
  const { provider, cli, paths, options, probeId } = setup;
  const tracing = await startProbeTracing(setup);
  const { pipeline, understanding, recorder, mapper } = tracing;
  const place = { ...setup.place, cwd: join(folder, 'work') };
  const start = await prepare(folder, model, provider, place);
  // A script under the CLI's name that calls ai-trace in its turn makes no session of it.
  const env = changed(process.env, { ...start.env, TMPDIR: join(folder, 'tmp'), AI_TRACE_DISABLE: '1' });

  const listening = await startProbeListener(pipeline);
  const { listener, secret, grpcEndpoint } = listening;
  const privateFiles = new PrivateFiles(paths.runtimeDir, probeId);
  try {
    const injection = await provider.inject({
      ...place,
      endpoint: listener.url,
      origin: listener.origin,
      secretHeader: { name: secretHeader, value: secret },
      grpcEndpoint,
      args: start.args,
      env,
      content: options.content !== 'none',
      writePrivate: (name, text) => privateFiles.write(name, text),
    });
    const begun = performance.now();
    const end = await runChild({
      file: cli.file,
      args: [...cli.leadingArgs, ...injection.args],
      env: { ...changed(env, injection.env), ...cli.env },
      cwd: place.cwd,
      limitMs: cliLimitMs,
      onInterrupt: () => {
        privateFiles.remove();
        removeFolder(folder);
      },
    });
    const endedMs = performance.now() - begun;
    await untilFlushed(listener, null, flushLimitMs);
    const flushed = performance.now();
    await pipeline.settled();
    for (const event of mapper.finish()) recorder.fold(event);
    const { turns, errors } = totalsOf(recorder.session);
    const since = (at: number | null) => (at === null ? null : at - begun);
    return {
      end,
      endedMs,
      askedMs: since(model.askedAt()),
      receivedMs: since(listening.receivedAt()),
      conflicts: injection.conflicts,
      received: { ...understanding.received, undecodable: pipeline.undecodable + listening.faults() },
      understood: {
        sessionId: recorder.mainSessionId ?? null,
        prompts: turns,
        failures: errors.total,
        tookMs: performance.now() - flushed,
      },
    };
  } finally {
    privateFiles.remove();
    await listener.close();
  }
}

/** As for a session, but that it has no spans of ours and every record has the probe's id: by that stores know it. */
function startProbeTracing(setup: CliRunSetup): Promise<Tracing> {
  const { provider, options, paths, probeId } = setup;
  return startTracing({
    ...setup,
    provider: providers[provider.id],
    options: {
      ...options,
      traces: withoutUnified[options.traces],
      tags: { ...options.tags, [probeIdKey]: probeId },
    },
    runId: probeId,
    startedAt: Date.now(),
    git: null,
    traceParent: null,
    parentRunId: null,
    priceCache: join(paths.cacheDir, 'prices.json'),
    onEvent: () => {},
  });
}

const withoutUnified = { unified: 'none', both: 'native', native: 'native', none: 'none' } as const;

/** Makes all that the CLI finds in the folder when it starts. */
async function prepare(
  folder: string,
  model: RefusingModel,
  { id }: Cli,
  place: ConfigPlace,
): Promise<ProbeStart> {
  for (const each of [place.cwd, join(folder, 'tmp')]) mkdirSync(each);
  const start = await probes[id].start({ ...place, modelUrl: model.url, folder });
  for (const { path, text } of start.files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o600 });
  }
  return start;
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function changed(env: NodeJS.ProcessEnv, changes: Variables): NodeJS.ProcessEnv {
  const entries = Object.entries({ ...env, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

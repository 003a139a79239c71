import { join } from 'node:path';
import type { FilePaths } from '../files/paths.ts';
import type { ExitStatus } from '../launcher/exit-status.ts';
import { destinationWord } from '../options/destination-word.ts';
import type { RunOptions } from '../options/run-options.ts';
import { secretHeader } from '../pipeline/listener/request-target.ts';
import { sessionTraceParent } from '../pipeline/unified/session-ids.ts';
import type { PriceOverrides } from '../pricing/overrides.ts';
import type { Cli, Injection } from '../providers/provider.ts';
import type { Notice } from '../report/messages.ts';
import { homeFolder } from './home.ts';
import { type Listening, listen } from './listen.ts';
import type { LiveTracing } from './live-tracing.ts';
import { activeEnvironment, type OuterRun } from './outer-run.ts';
import { listFolder, PrivateFiles, readText } from './private-files.ts';
import { randomUuid } from './random.ts';
import { reasonOf, say } from './say.ts';

/** A session that has waited longer for its collector has no time left to keep anything for the next one. ms */
const keepWithinMs = 500;

export interface SessionSetup {
  provider: Cli;
  options: RunOptions;
  overrides: PriceOverrides;
  /** The user's words after the provider word. */
  args: readonly string[];
  paths: FilePaths;
  cliVersion: string | null;
  /** The run that this one is part of. */
  outer: OuterRun | null;
  /** What was noticed while the options were read. */
  notices: readonly Notice[];
  /** Keeps what V8 has compiled by then, as of src/main.ts. */
  keepCompiled(): void;
}

/** A run that is traced: what to start the CLI with, and what to do when it has started and ended. */
export interface TracedSession {
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** @param startTicks when the CLI started, in the kernel's ticks; null where that is not told. */
  spawned(startTicks: number | null): void;
  ended(status: ExitStatus): Promise<void>;
  /** The CLI never ran. */
  abandoned(): Promise<void>;
}

/**
 * Listens and prepares the CLI's settings. Only what is needed to start the CLI is loaded here; the rest
 * loads while it boots, and what arrives waits for it. undefined, after a line on stderr, when the session
 * cannot be traced.
 */
export async function startSession(setup: SessionSetup): Promise<TracedSession | undefined> {
  const { provider, options, args, paths, notices, outer } = setup;
  const facts = {
    runId: await randomUuid(),
    startedAt: Date.now(),
    cwd: process.cwd(),
    home: homeFolder(),
    priceCache: join(paths.cacheDir, 'prices.json'),
    traceParent: outer?.traceParent ?? process.env['TRACEPARENT'] ?? null,
    parentRunId: outer?.runId ?? null,
  };
  const privateFiles = new PrivateFiles(paths.runtimeDir, facts.runId);
  let tracing: Promise<LiveTracing> | undefined;
  const load = () => {
    tracing ??= import('./live-tracing.ts').then(({ startLiveTracing }) =>
      startLiveTracing({ ...setup, ...facts }),
    );
    return tracing;
  };

  let listening: Listening;
  try {
    listening = await listen(paths.spoolDir, { ...setup, ...facts }, load);
  } catch (error) {
    await say({ kind: 'listener_failed', reason: reasonOf(error) }, options.quiet);
    return undefined;
  }
  const { listener } = listening;
  const close = () => {
    privateFiles.remove();
    return listener.close();
  };

  let injection: Injection;
  try {
    injection = await provider.inject({
      endpoint: listener.url,
      origin: listener.origin,
      secretHeader: { name: secretHeader, value: listening.secret },
      grpcEndpoint: listening.grpcEndpoint,
      args,
      env: process.env,
      content: options.content !== 'none',
      platform: process.platform,
      readFile: readText,
      listFolder,
      writePrivate: (name, text) => privateFiles.write(name, text),
      ...facts,
    });
  } catch (error) {
    await close();
    await say({ kind: 'untraced', reason: reasonOf(error) }, options.quiet);
    return undefined;
  }

  let startTicks: number | null = null;
  return {
    args: injection.args,
    env: changed(process.env, { ...injection.env, ...activeEnvironment(asOuter(facts, options)) }),
    spawned: (ticks) => {
      startTicks = ticks;
      listener.warmUp();
      load().catch(() => {});
      // Before V8's flags are changed.
      import('./finish.ts').catch(() => {});
    },
    ended: async (status) => {
      try {
        const [{ finish }, loaded] = await Promise.all([import('./finish.ts'), load()]);
        const noticed = [...notices, ...injection.conflicts];
        const begun = performance.now();
        await finish({
          ...setup,
          ...facts,
          status,
          startTicks,
          listener,
          journal: listening.journal(),
          faults: listening.faults(),
          tracing: loaded,
          notices: noticed,
        });
        if (performance.now() - begun < keepWithinMs) loaded.keepCompiled();
      } catch (error) {
        await say({ kind: 'untraced', reason: reasonOf(error) }, options.quiet);
      } finally {
        await close();
      }
    },
    abandoned: close,
  };
}

/** This run, for those that its CLI starts. */
function asOuter(run: { runId: string; traceParent: string | null }, options: RunOptions): OuterRun {
  const { traces, sampleRate, forward } = options;
  const hasSpans = traces === 'unified' || traces === 'both';
  return {
    runId: run.runId,
    traceParent: hasSpans ? sessionTraceParent(run.runId, run.traceParent, sampleRate) : null,
    forward: forward.map(destinationWord),
  };
}

function changed(env: NodeJS.ProcessEnv, changes: Injection['env']): NodeJS.ProcessEnv {
  const result = { ...env, ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete result[name];
  return result;
}

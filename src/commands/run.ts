import type { ExitStatus } from '../launcher/exit-status.ts';
import { launch } from '../launcher/launch.ts';
import { startTicksOf } from '../launcher/leftovers.ts';
import type { RunOptions } from '../options/run-options.ts';
import type { FlagValue } from '../options/texts.ts';
import type { Cli } from '../providers/provider.ts';
import type { Failure } from '../report/messages.ts';
import { cliVersionOf, isTooOld } from './cli-version.ts';
import { loadConfiguration, ownPaths } from './configuration.ts';
import { configuredCommands } from './configured-commands.ts';
import { isDisabled, isQuiet } from './early-switches.ts';
import { findCli, type StartableCli } from './find-cli.ts';
import { outerRunOf } from './outer-run.ts';
import { reasonOf, say } from './say.ts';
import { isSessionless } from './sessionless.ts';
import { type SessionSetup, startSession, type TracedSession } from './start-session.ts';

export interface RunArguments {
  provider: Cli;
  /** ai-trace's own flags, as the command line parser made them. */
  flags: Readonly<Record<string, FlagValue>>;
  /** Every word after the provider's, verbatim. */
  args: readonly string[];
  /** Keeps what V8 has compiled by then, as of src/main.ts. */
  keepCompiled(): void;
}

/** What to start, traced or not; or why nothing can be started, and the exit code for it. */
type Start = { quiet: boolean } & (
  | { ok: true; cli: StartableCli; session: TracedSession | undefined }
  | { ok: false; code: number; failure: Failure }
);

/** One session of a CLI. Whatever of ours fails, the CLI still runs, and its exit status is ours. */
export async function run(given: RunArguments): Promise<ExitStatus> {
  const { provider, flags, args } = given;
  const start = isDisabled(flags)
    ? await plainStart(given)
    : await tracedStart(given).catch((error) => plainStart(given, error));
  const { quiet } = start;
  if (!start.ok) return fail(start.code, start.failure, quiet);

  const { cli, session } = start;
  const { file, leadingArgs } = cli;
  const result = await launch({
    file,
    args: [...leadingArgs, ...(session?.args ?? args)],
    env: { ...(session?.env ?? process.env), ...cli.env },
    signalTree: provider.signalTree,
    onSpawn: (pid) => {
      if (session === undefined) return;
      // Nothing is loaded yet that the start did not need.
      given.keepCompiled();
      session.spawned(startTicksOf(pid));
    },
  });
  if (result.kind === 'exited') {
    if (result.status.code !== 0) await repair(result.status).catch(() => {});
    await session?.ended(result.status);
    return result.status;
  }

  await session?.abandoned();
  switch (result.kind) {
    case 'not_found':
      // It was there a moment ago, so its interpreter is missing.
      return fail(127, { kind: 'not_started', file, reason: 'its interpreter was not found' }, quiet);
    case 'not_executable':
      return fail(126, { kind: 'not_executable', file }, quiet);
    case 'failed':
      return fail(126, { kind: 'not_started', file, reason: result.reason }, quiet);
  }
}

/** @throws whatever of ours is broken; nothing has been started then. */
async function tracedStart({ provider, flags, args, keepCompiled }: RunArguments): Promise<Start> {
  const paths = ownPaths();
  const outer = outerRunOf(process.env);
  const configuration = await loadConfiguration(flags, paths, outer?.forward);
  if (!configuration.ok) return { ...configuration, code: 2, quiet: isQuiet(flags) };
  const options = outer ? withoutShows(configuration.options) : configuration.options;
  const { quiet } = options;

  const cli = findCli(provider, options.commands);
  if (!cli.ok) return { ...cli, quiet };
  const isWanted = !options.disable && !cli.isTracedAbove;
  const isAsked = !isSessionless(args, provider) || options.summaryFile !== null;
  const session =
    isWanted && isAsked
      ? await startIfRecent(
          { ...configuration, options, provider, args, paths, outer, keepCompiled },
          cli.file,
        )
      : undefined;
  return { ok: true, cli, session, quiet };
}

/** The CLI as it would run without us: because the user wants it so, or because `problem` keeps us from tracing. */
async function plainStart({ provider, flags }: RunArguments, problem?: unknown): Promise<Start> {
  const quiet = isQuiet(flags);
  if (problem !== undefined) await say({ kind: 'untraced', reason: reasonOf(problem) }, quiet);
  const cli = findCli(provider, await configuredCommands());
  return cli.ok ? { ok: true, cli, session: undefined, quiet } : { ...cli, quiet };
}

/** undefined, after a line on stderr, where the session cannot be traced. */
async function startIfRecent(
  setup: Omit<SessionSetup, 'cliVersion'>,
  cliFile: string,
): Promise<TracedSession | undefined> {
  const { provider, options, args } = setup;
  const version = cliVersionOf(cliFile, provider);
  const firstVersion = provider.firstVersion(args);
  if (version === null || !isTooOld(version, firstVersion))
    return startSession({ ...setup, cliVersion: version });
  const { title, npmPackage } = provider;
  await say({ kind: 'too_old', title, npmPackage, firstVersion, version }, options.quiet);
  return undefined;
}

/** A run within another shows nothing by itself: its terminal, if any, is a tool's, and the person looks at the outer CLI. */
function withoutShows(options: RunOptions): RunOptions {
  const { summary, notify } = options;
  return {
    ...options,
    summary: summary === 'auto' ? 'never' : summary,
    notify: notify === 'auto' ? 'never' : notify,
  };
}

/** Rarely needed, so not loaded before. */
async function repair(status: ExitStatus): Promise<void> {
  const { repairTerminal } = await import('../launcher/terminal.ts');
  repairTerminal(status);
}

async function fail(code: number, failure: Failure, quiet: boolean): Promise<ExitStatus> {
  await say(failure, quiet);
  return { code, signal: null };
}

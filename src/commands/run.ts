import type { ExitStatus } from '../launcher/exit-status.ts';
import { findExecutable } from '../launcher/find.ts';
import { launch } from '../launcher/launch.ts';
import { startTicksOf } from '../launcher/leftovers.ts';
import type { FlagValue } from '../options/texts.ts';
import type { Provider } from '../providers/provider.ts';
import type { Failure } from '../report/messages.ts';
import { loadConfiguration, ownPaths } from './configuration.ts';
import { isQuiet } from './quiet.ts';
import { say } from './say.ts';
import { isSessionless } from './sessionless.ts';
import { startSession } from './start-session.ts';

export interface RunArguments {
  provider: Provider;
  /** ai-trace's own flags, as the command line parser made them. */
  flags: Readonly<Record<string, FlagValue>>;
  /** Every word after the provider's, verbatim. */
  args: readonly string[];
}

/** One session of a CLI. Whatever of ours fails, the CLI still runs, and its exit status is ours. */
export async function run({ provider, flags, args }: RunArguments): Promise<ExitStatus> {
  const { env } = process;
  const paths = ownPaths();
  const configuration = await loadConfiguration(flags, paths);
  if (!configuration.ok) return fail(2, configuration.failure, isQuiet(flags));
  const { options } = configuration;

  const command = options.commands[provider.id] ?? provider.command;
  const found = findExecutable(command, {
    path: env['PATH'],
    pathExt: env['PATHEXT'],
    self: process.argv[1] ?? '',
    platform: process.platform,
  });
  if (found.kind === 'not_found') {
    const { title, npmPackage } = provider;
    return fail(127, { kind: 'not_found', command, title, npmPackage }, options.quiet);
  }
  if (found.kind === 'not_executable') return fail(126, found, options.quiet);

  const { file, leadingArgs } = found;
  const isTraced = !isDisabled(env) && (!isSessionless(args, provider) || options.summaryFile !== null);
  const session = isTraced
    ? await startSession({ ...configuration, provider, args, paths, cliFile: file })
    : undefined;
  const result = await launch({
    file,
    args: [...leadingArgs, ...(session?.args ?? args)],
    env: session?.env ?? env,
    signalTree: provider.signalTree,
    onSpawn: (pid) => session?.spawned(startTicksOf(pid)),
  });
  if (result.kind === 'exited') {
    if (result.status.signal !== null) await repair(result.status);
    await session?.ended(result.status);
    return result.status;
  }

  await session?.abandoned();
  switch (result.kind) {
    case 'not_found':
      // It was there a moment ago, so its interpreter is missing.
      return fail(127, { kind: 'not_started', file, reason: 'its interpreter was not found' }, options.quiet);
    case 'not_executable':
      return fail(126, { kind: 'not_executable', file }, options.quiet);
    case 'failed':
      return fail(126, { kind: 'not_started', file, reason: result.reason }, options.quiet);
  }
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

function isDisabled(env: NodeJS.ProcessEnv): boolean {
  return env['AI_TRACE_DISABLE'] === '1';
}

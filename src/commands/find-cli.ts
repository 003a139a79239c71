import { commandLineOf } from '../launcher/command-line-of.ts';
import { type FindResult, findExecutable } from '../launcher/find.ts';
import { readAbove, startedValue, startedVariable } from '../launcher/shim-loop.ts';
import type { Commands } from '../options/commands.ts';
import type { Cli } from '../providers/provider.ts';
import type { Failure } from '../report/messages.ts';

export interface StartableCli {
  ok: true;
  file: string;
  /** Words before the user's own. */
  leadingArgs: readonly string[];
  /** We are called by a shim that another ai-trace takes for the CLI: that one traces the session. */
  isTracedAbove: boolean;
  /** What an ai-trace that this program turns out to be needs to know. */
  env: Record<string, string>;
}

export type FoundCli = StartableCli | { ok: false; code: 126 | 127; failure: Failure };

/** The program to start for a CLI: the configured one, or what its name is on PATH, but never one that leads back here. */
export function findCli(cli: Cli, commands: Commands): FoundCli {
  const { env, ppid, platform } = process;
  const [command, ...words] = commands[cli.id] ?? [cli.command];
  const above = readAbove(env, ppid);
  if (above.isEndless) {
    return failed(126, { kind: 'endless', command, file: above.program ?? command });
  }
  const found = findExecutable(command, {
    path: env['PATH'],
    pathExt: env['PATHEXT'],
    self: process.argv[1] ?? '',
    skip: above.skip,
    npmPackage: cli.npmPackage,
    parentArgs: () => commandLineOf(ppid),
    platform,
  });
  if (found.kind !== 'found') return notFound(found, command, cli);

  const { file, leadingArgs, waiting } = found;
  const isShim = above.skip.length > 0 || waiting.some((script) => script === above.program);
  return {
    ok: true,
    file,
    leadingArgs: [...leadingArgs, ...words],
    isTracedAbove: isShim,
    env: { [startedVariable]: startedValue(above, leadingArgs.at(-1) ?? file) },
  };
}

function notFound(found: Exclude<FindResult, { kind: 'found' }>, command: string, cli: Cli): FoundCli {
  const { title, npmPackage } = cli;
  switch (found.kind) {
    case 'not_found':
      return failed(127, { kind: 'not_found', command, title, npmPackage });
    case 'only_ourselves':
      return failed(127, { ...found, command, title, npmPackage });
    case 'dangling_link':
      return failed(127, { ...found, title, npmPackage });
    case 'directory':
    case 'not_executable':
      return failed(126, found);
    case 'foreign_program':
      return failed(126, { ...found, title, npmPackage });
  }
}

function failed(code: 126 | 127, failure: Failure): FoundCli {
  return { ok: false, code, failure };
}

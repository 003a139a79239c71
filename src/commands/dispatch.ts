import type { ExitStatus } from '../launcher/exit-status.ts';
import { splitCommandLine } from '../options/command-line.ts';
import { optionTable } from '../options/table.ts';
import { isProviderId, providers } from '../providers/index.ts';
import type { OwnOptions } from './own-options.ts';
import { isQuiet } from './quiet.ts';
import { run } from './run.ts';
import { say } from './say.ts';

const providerWords = Object.keys(providers);

/** Understands a whole command line and does what it says. */
export async function dispatch(argv: readonly string[]): Promise<ExitStatus> {
  const { own, word, rest } = splitCommandLine(argv, optionTable);
  const options = await ownOptions(own);
  if (options.kind === 'ended') return exit(options.code);
  const { flags } = options;

  if (isProviderId(word)) return run({ provider: providers[word], flags, args: rest });
  if (word === 'prices') {
    const { pricesCommand } = await import('./prices-command.ts');
    return exit(await pricesCommand(rest, flags));
  }
  if (word === 'flush') {
    const { flushCommand } = await import('./flush-command.ts');
    return exit(await flushCommand(rest, flags));
  }
  await say(
    word === null
      ? { kind: 'missing_command', known: providerWords }
      : { kind: 'unknown_command', word, known: [...providerWords, 'flush', 'prices'] },
    isQuiet(flags),
  );
  return exit(2);
}

/** Behind an alias there are none: the parser loads only when there is something to parse. */
async function ownOptions(own: readonly string[]): Promise<OwnOptions> {
  if (own.length === 0) return { kind: 'parsed', flags: {} };
  const { parseOwnOptions } = await import('./own-options.ts');
  return parseOwnOptions(own);
}

function exit(code: number): ExitStatus {
  return { code, signal: null };
}

import { Command } from 'commander';
import { optionTable } from '../options/table.ts';
import type { FlagValue } from '../options/texts.ts';
import { flushedText, flushProgressText, nothingToFlushText } from '../report/messages.ts';
import { loadConfiguration, ownPaths } from './configuration.ts';
import { openSpool } from './disk.ts';
import { isQuiet } from './early-switches.ts';
import { flush } from './flush.ts';
import { writeError, writeOutput } from './output.ts';
import { flushOptions } from './own-commands.ts';
import { parseFlags } from './own-options.ts';
import { recoverRuns } from './recover.ts';
import { say } from './say.ts';

/** The words behind `ai-trace flush`. Returns the exit code: 0 when nothing is left, 1 when something is. */
export async function flushCommand(
  words: readonly string[],
  given: Readonly<Record<string, FlagValue>>,
): Promise<number> {
  const command = new Command('ai-trace flush')
    .description('Sends what is on disk: what collectors did not take, and what a killed run has left.')
    .showHelpAfterError('Try: ai-trace flush --help');
  const rows = flushOptions.map((name) => optionTable[name]);
  const parsed = parseFlags(command, rows, words);
  if (parsed.kind === 'ended') return parsed.code;
  const flags = { ...given, ...parsed.flags };

  const paths = ownPaths();
  const configuration = await loadConfiguration(flags, paths);
  if (!configuration.ok) {
    await say(configuration.failure, isQuiet(flags));
    return 2;
  }
  const { options } = configuration;
  const spool = openSpool(paths.spoolDir, options.spoolLimitBytes);
  await recoverRuns(paths, spool, { insists: true });
  const isWatched = process.stderr.isTTY === true && !options.quiet;
  const flushed = await flush(options, spool, (url, left) => {
    if (isWatched) writeError(`\r\u001b[K${flushProgressText(url, left)}`);
  });
  if (isWatched) writeError('\r\u001b[K');
  const told = flushed.filter(({ sent, left }) => sent.records + left.records > 0);
  if (!options.quiet) {
    writeOutput(`${told.length > 0 ? told.map(flushedText).join('\n') : nothingToFlushText}\n`);
  }
  return told.some(({ left }) => left.records > 0) ? 1 : 0;
}

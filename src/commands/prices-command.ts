import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { FlagValue } from '../options/texts.ts';
import { loadConfiguration, ownPaths } from './configuration.ts';
import { isQuiet } from './early-switches.ts';
import { writeError, writeOutput } from './output.ts';
import { prices } from './prices.ts';
import { say } from './say.ts';

/** The words behind `ai-trace prices`. Returns the exit code. */
export async function pricesCommand(
  words: readonly string[],
  flags: Readonly<Record<string, FlagValue>>,
): Promise<number> {
  const command = new Command('ai-trace prices')
    .description('What a model costs, and where the figure comes from.')
    .argument('[model]', 'the model; without it, those the three CLIs use')
    .option('--update', 'fetch newer list prices first', false)
    .option('--json', 'print JSON', false)
    .exitOverride();
  try {
    command.parse([...words], { from: 'user' });
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
  const paths = ownPaths();
  const configuration = await loadConfiguration(flags, paths);
  if (!configuration.ok) {
    await say(configuration.failure, isQuiet(flags));
    return 2;
  }
  const [model] = command.args;
  const { update, json } = command.opts<{ update: boolean; json: boolean }>();
  return prices(
    { update, json, ...(model !== undefined && { model }) },
    {
      stdout: writeOutput,
      stderr: writeError,
      now: Date.now(),
      overrides: configuration.overrides,
      cacheFile: join(paths.cacheDir, 'prices.json'),
    },
  );
}

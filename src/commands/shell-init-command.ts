import { optionTable } from '../options/table.ts';
import { clis } from '../providers/clis.ts';
import { shellScripts } from '../shell/scripts.ts';
import { offeredOption, shells, type Vocabulary } from '../shell/vocabulary.ts';
import { version } from '../version.ts';
import { configuredCommands } from './configured-commands.ts';
import { findCli } from './find-cli.ts';
import { writeOutput } from './output.ts';
import { ownCommands } from './own-commands.ts';
import { say } from './say.ts';

/**
 * The words behind `ai-trace shell-init`. Prints a script and returns the exit code. It runs at each start of a
 * shell, so it loads little: no parser for two words.
 */
export async function shellInitCommand(words: readonly string[]): Promise<number> {
  const [name, ...others] = words.filter((word) => word !== '--remove');
  const shell = shells.find((each) => each === name);
  if (name === '--help' || name === '-h') {
    const { shellInitText } = await import('../report/messages.ts');
    writeOutput(`${shellInitText}\n`);
    return 0;
  }
  if (shell === undefined || others.length > 0) {
    const wrong = shell === undefined ? name : others[0];
    await say(
      wrong === undefined ? { kind: 'missing_shell' } : { kind: 'unknown_shell', word: wrong, known: shells },
      false,
    );
    return 2;
  }
  const { init, remove } = shellScripts[shell];
  writeOutput((words.includes('--remove') ? remove : init)(await vocabulary()));
  return 0;
}

async function vocabulary(): Promise<Vocabulary> {
  return {
    version,
    options: [
      ...Object.values(optionTable).map(offeredOption),
      { names: ['-h', '--help'], value: null, offers: [], isRepeatable: false, help: 'print the help' },
      { names: ['-V', '--version'], value: null, offers: [], isRepeatable: false, help: 'print the version' },
    ],
    clis: Object.values(clis).map(({ id, title }) => ({ word: id, title })),
    installed: await installedClis(),
    commands: ownCommands,
  };
}

/** Those that `ai-trace codex` would find: on PATH or configured, and never ai-trace itself under their name. */
async function installedClis(): Promise<string[]> {
  const commands = await configuredCommands();
  return Object.values(clis)
    .filter((cli) => findCli(cli, commands).ok)
    .map(({ id }) => id);
}

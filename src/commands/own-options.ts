import { Command, CommanderError } from 'commander';
import type { OptionRow } from '../options/option.ts';
import { optionTable } from '../options/table.ts';
import type { FlagValue } from '../options/texts.ts';
import { version } from '../version.ts';
import { type OwnCommand, ownCommands } from './own-commands.ts';

/** `ended`: help or version was printed (code 0), or an option was wrong and told on stderr (code 2). */
export type OwnOptions =
  | { kind: 'parsed'; flags: Readonly<Record<string, FlagValue>> }
  | { kind: 'ended'; code: 0 | 2 };

/** Parses ai-trace's own words: the options before the command, and nothing of the CLI's. */
export function parseOwnOptions(own: readonly string[]): OwnOptions {
  const program = new Command('ai-trace')
    .usage('[options] <codex|gemini|claude> [cli arguments…]\n       ai-trace <command> [words…]')
    .description(`${purpose}\n\nCommands:\n${ownCommands.map(commandLine).join('\n')}`)
    .version(version, '-V, --version', 'print the version of ai-trace')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('Try: ai-trace --help')
    .addHelpText('after', helpEnd);
  return parseFlags(program, Object.values(optionTable), own);
}

/** Parses the words of a command of ours that takes some of the options of a run. */
export function parseFlags(
  command: Command,
  rows: readonly Pick<OptionRow<unknown>, 'flag' | 'shape' | 'help' | 'env'>[],
  words: readonly string[],
): OwnOptions {
  command
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ai-trace: ')) });
  for (const { flag, shape, help, env } of rows) {
    const described = `${help} [${env}]`;
    if (shape === 'list' || shape === 'pairs') command.option(flag, described, collect);
    else command.option(flag, described);
  }
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'ended', code: error.exitCode === 0 ? 0 : 2 };
  }
  return { kind: 'parsed', flags: command.opts() };
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** In lines of its own length: the list of commands keeps commander from wrapping it. */
const purpose = `Runs one session of an AI coding CLI, traced: its telemetry goes to your
collector, a receipt is printed at the end.`;

function commandLine({ word, help }: OwnCommand): string {
  return `  ${word.padEnd(10)}  ${help}`;
}

const helpEnd = `
Options stand before the CLI's name; every word after it goes to the CLI.
In brackets: the variable that says the same. More: ai-trace help COMMAND

Examples:
  ai-trace codex
  ai-trace --forward http://127.0.0.1:4318 claude -p "explain this repository"
  ai-trace --summary-file receipt.json --forward none gemini -p "hello"`;

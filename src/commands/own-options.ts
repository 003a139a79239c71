import { Command, CommanderError } from 'commander';
import { optionTable } from '../options/table.ts';
import type { FlagValue } from '../options/texts.ts';
import { version } from '../version.ts';

/** `ended`: help or version was printed (code 0), or an option was wrong and told on stderr (code 2). */
export type OwnOptions =
  | { kind: 'parsed'; flags: Readonly<Record<string, FlagValue>> }
  | { kind: 'ended'; code: 0 | 2 };

/** Parses ai-trace's own words: the options before the command, and nothing of the CLI's. */
export function parseOwnOptions(own: readonly string[]): OwnOptions {
  const program = new Command('ai-trace')
    .usage(
      '[options] <codex|gemini|claude> [cli arguments…]\n       ai-trace prices [MODEL] [--update] [--json]',
    )
    .description(
      'Runs one session of an AI coding CLI, traced: its telemetry goes to your collector, a receipt is printed at the end.',
    )
    .version(version, '-V, --version', 'print the version of ai-trace')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ai-trace: ')) })
    .showHelpAfterError('Try: ai-trace --help')
    .addHelpText('after', helpEnd);
  for (const { flag, shape, help, env } of Object.values(optionTable)) {
    const described = `${help} [${env}]`;
    if (shape === 'list' || shape === 'pairs') program.option(flag, described, collect);
    else program.option(flag, described);
  }
  try {
    program.parse(own, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'ended', code: error.exitCode === 0 ? 0 : 2 };
  }
  return { kind: 'parsed', flags: program.opts() };
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

const helpEnd = `
Options stand before the CLI's name; every word after it goes to the CLI untouched.
AI_TRACE_DISABLE=1 runs the CLI untraced.

Examples:
  ai-trace codex
  ai-trace --forward http://127.0.0.1:4318 claude -p "explain this repository"
  ai-trace --summary-file receipt.json --forward none gemini -p "hello"`;

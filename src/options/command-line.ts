import type { OptionRow } from './option.ts';

/** ai-trace's own words, the command and the words that belong to it. */
export interface CommandLine {
  /** What stands before the command: own flags and their values. */
  own: readonly string[];
  /** The first word that is no option, whatever it is; null without one. */
  word: string | null;
  /** Everything after the command, untouched. */
  rest: readonly string[];
}

type FlagRow = Pick<OptionRow<unknown>, 'flag' | 'shape'>;

/**
 * Cuts the line at the command word, so that no parser of ours ever sees the CLI's words. A flag that takes a
 * value takes the next word, whatever it is (`--record codex`); an option that is not in the table (`--help`)
 * takes none.
 */
export function splitCommandLine(
  argv: readonly string[],
  table: Readonly<Record<string, FlagRow>>,
): CommandLine {
  let at = 0;
  while (argv[at]?.startsWith('-')) {
    if (argv[at] === '--') return cut(argv, at, at + 1);
    at += takesValue(argv[at] ?? '', table) ? 2 : 1;
  }
  return cut(argv, at, at);
}

function cut(argv: readonly string[], ownEnd: number, at: number): CommandLine {
  return { own: argv.slice(0, ownEnd), word: argv[at] ?? null, rest: argv.slice(at + 1) };
}

function takesValue(word: string, table: Readonly<Record<string, FlagRow>>): boolean {
  return Object.values(table).some((row) => row.shape !== 'switch' && namesOf(row).includes(word));
}

/** `-q, --quiet` → `-q` and `--quiet`. */
function namesOf({ flag }: FlagRow): string[] {
  return flag.match(/(?<![\w-])--?[\w-]+/g) ?? [];
}

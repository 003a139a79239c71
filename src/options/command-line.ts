import type { OptionRow } from './option.ts';

/** ai-trace's own words, the command and the words that belong to it. */
export interface CommandLine {
  /** What stands before the command: own flags and their values. */
  own: readonly string[];
  /**
   * null when the first word that is no option is not one of the command words: `own` then holds the whole
   * line.
   */
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
  commandWords: readonly string[],
): CommandLine {
  const withValue = Object.values(table)
    .filter((row) => row.shape !== 'switch')
    .flatMap(namesOf);

  let at = 0;
  while (argv[at]?.startsWith('-')) {
    if (argv[at] === '--') return cut(argv, at, at + 1, commandWords);
    at += withValue.includes(argv[at] ?? '') ? 2 : 1;
  }
  return cut(argv, at, at, commandWords);
}

function cut(
  argv: readonly string[],
  ownEnd: number,
  at: number,
  commandWords: readonly string[],
): CommandLine {
  const word = argv[at];
  if (word === undefined || !commandWords.includes(word)) return { own: argv, word: null, rest: [] };
  return { own: argv.slice(0, ownEnd), word, rest: argv.slice(at + 1) };
}

/** `-q, --quiet` → `-q` and `--quiet`. */
function namesOf({ flag }: FlagRow): string[] {
  return flag.match(/(?<![\w-])--?[\w-]+/g) ?? [];
}

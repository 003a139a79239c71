import type { Offers, OptionRow } from '../options/option.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/** An option as it is completed. */
export interface OfferedOption {
  /** `-q` and `--quiet`; the long one is the last. */
  names: readonly string[];
  /** What its value is called; null when it takes none. */
  value: string | null;
  offers: Offers;
  isRepeatable: boolean;
  help: string;
}

/** A command of ai-trace's own, with what may stand behind it. */
export interface OfferedCommand {
  word: string;
  help: string;
  options: readonly OfferedOption[];
  /** What its first word may be, where that is known. */
  words: readonly string[];
}

/** All that a shell needs to know of ai-trace. */
export interface Vocabulary {
  version: string;
  /** ai-trace's own, before the command. */
  options: readonly OfferedOption[];
  /** The words of all CLIs. */
  clis: readonly { word: string; title: string }[];
  /** The words of those that are there to be started. */
  installed: readonly string[];
  commands: readonly OfferedCommand[];
}

/** `-q, --quiet` or `--record <dir>` → what a shell offers for it. */
export function offeredOption(
  row: Pick<OptionRow<unknown>, 'flag' | 'shape' | 'help' | 'offers'>,
): OfferedOption {
  return {
    names: row.flag.match(/(?<![\w<-])--?[\w-]+/g) ?? [],
    value: /<(.+)>/.exec(row.flag)?.[1] ?? null,
    offers: row.offers ?? [],
    isRepeatable: row.shape === 'list' || row.shape === 'pairs',
    help: row.help,
  };
}

/** All names of the options that take a value. */
export function namesWithValue(options: readonly OfferedOption[]): string[] {
  return options.filter(({ value }) => value !== null).flatMap(({ names }) => names);
}

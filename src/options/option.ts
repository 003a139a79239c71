import type { OptionFs } from './config-file.ts';

/** What relative paths and `~/` in a value are resolved against. */
export interface Place {
  cwd: string;
  home: string;
}

/** A value understood, or why it is not one: a clause for "… is not valid: <reason>". */
export type Parsed<T> = { ok: true; value: T } | { ok: false; value: string; reason: string };

/**
 * How often an option is given and what it takes: `switch` nothing, `value` one text, `number` one that a file
 * holds as a number, `list` several texts, `pairs` several K=V. In the environment several stand in one variable, separated by commas; in a file they
 * are an array (`list`) or a table (`pairs`).
 */
export type Shape = 'switch' | 'value' | 'number' | 'list' | 'pairs';

/** Words, or what is in the file system. */
export type Offers = readonly string[] | 'file' | 'folder';

/** One option of a run: everything about it stands here and nowhere else. */
export interface OptionRow<T> {
  /** With its argument as the help shows it: `--forward <url>`. */
  flag: string;
  /** Environment variable. */
  env: string;
  /** Key in a configuration file. */
  key: string;
  shape: Shape;
  /** May a project's `.ai-trace.toml` set it? Only what does no harm in a repository of somebody else. */
  inProject: boolean;
  help: string;
  /** What a shell completes its value with; absent: nothing. */
  offers?: Offers;
  /** Value when no source gives one. */
  otherwise: T;
  /** The texts of one source; a switch comes as `true` or `false`. `fs` for an option that names a file to read. */
  parse(texts: readonly string[], place: Place, fs: OptionFs): Parsed<T>;
  /** How the values of two sources become one; absent: the stronger one alone counts. */
  merge?(stronger: T, weaker: T): T;
}

/** `--forward-header <k=v>` → `forwardHeader`, the name commander stores it under. */
export function flagName(row: Pick<OptionRow<unknown>, 'flag'>): string {
  const long = longFlag(row).slice(2);
  return long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `-q, --quiet` → `--quiet`. */
export function longFlag(row: Pick<OptionRow<unknown>, 'flag'>): string {
  return /--[\w-]+/.exec(row.flag)?.[0] ?? row.flag;
}

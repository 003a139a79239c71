import type { InjectionContext } from './provider.ts';

/** What looking at the machine needs; a provider touches nothing by itself. */
export type ConfigPlace = Pick<
  InjectionContext,
  'env' | 'home' | 'cwd' | 'platform' | 'readFile' | 'listFolder'
>;

/** A whole file of settings, parsed. */
export type SettingsTree = Readonly<Record<string, unknown>>;

/** What is to stand in the file: a table of TOML, line by line, or members of JSON with comments. */
export type Snippet =
  | { format: 'toml'; name: string; lines: readonly string[] }
  | { format: 'jsonc'; members: readonly Member[]; dialect: Dialect };

/** What the CLI takes beyond plain JSON. `empty`: a file with nothing in it is one without settings. */
export interface Dialect {
  comments: boolean;
  byteOrderMark: boolean;
  empty: boolean;
}

export type Value = string | number | boolean | { readonly [key: string]: Value };

export interface Member {
  path: readonly string[];
  value: Value;
}

/**
 * Who wins over the user's file. `file` is where the keys stand, unless they are in the environment; values are
 * not told, for they may be secrets.
 */
export interface Override {
  layer: 'managed' | 'project' | 'environment';
  file?: string;
  keys: readonly string[];
}

/** Of the user's own: the arguments of tools, the CLI's command line, its system instructions, who the user is. */
export type StillSent = 'tool_arguments' | 'command_line' | 'instructions' | 'account';

/** A CLI's own configuration file, and what it must hold to export telemetry without ai-trace. */
export interface PersistentSettings {
  /** The user's file; it may not exist. */
  file(place: ConfigPlace): string;
  /** `endpoint` is an OTLP/HTTP base URL without a slash at its end. Content is off, and nothing in it is secret. */
  snippet(endpoint: string): Snippet;
  /** The base URL that the file names; undefined where it names none. */
  endpointOf(settings: SettingsTree): string | undefined;
  /** What else in the file would take telemetry elsewhere or switch it off, and a value that does nothing. */
  obstacles(settings: SettingsTree): Member[];
  /** What is sent although content is off, and no setting of the file keeps back. */
  stillSent: readonly StillSent[];
  /** What wins over the file as this snippet leaves it, the strongest first. */
  overrides(endpoint: string, place: ConfigPlace, settings: SettingsTree): Promise<Override[]>;
}

/** An object in a file, or an empty one. */
export function tableAt(settings: SettingsTree, key: string): SettingsTree {
  const value = settings[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SettingsTree) : {};
}

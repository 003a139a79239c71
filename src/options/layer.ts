import { flagName, longFlag, type OptionRow, type Parsed } from './option.ts';
import { type FlagValue, type Texts, textsOfFlag, textsOfToml, textsOfVariable } from './texts.ts';

type Row = Omit<OptionRow<unknown>, 'parse' | 'merge' | 'otherwise'>;

/** One source of values; the strongest stands first wherever several are listed. */
export interface Layer {
  /** What to call it in a message: the flag, the variable or the file. */
  nameOf(row: Row): string;
  textsOf(row: Row): Parsed<Texts>;
}

export function flagLayer(flags: Readonly<Record<string, FlagValue>>): Layer {
  return {
    nameOf: longFlag,
    textsOf: (row) => ({ ok: true, value: textsOfFlag(flags[flagName(row)]) }),
  };
}

export function environmentLayer(env: NodeJS.ProcessEnv): Layer {
  return {
    nameOf: (row) => row.env,
    textsOf: (row) => ({ ok: true, value: textsOfVariable(env[row.env], row.shape) }),
  };
}

/** Where the run that this one is part of sends to; it has no other say here. */
export function outerLayer(forward: readonly string[]): Layer {
  return {
    nameOf: () => 'AI_TRACE_ACTIVE',
    textsOf: (row) => ({ ok: true, value: row.key === 'forward' && forward.length > 0 ? forward : null }),
  };
}

/** `values` are the keys that may be used; a project's unsafe ones are gone already. */
export function fileLayer(file: string, values: Readonly<Record<string, unknown>>): Layer {
  return {
    nameOf: () => file,
    textsOf: (row) =>
      Object.hasOwn(values, row.key) ? textsOfToml(values[row.key], row.shape) : { ok: true, value: null },
  };
}

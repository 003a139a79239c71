import type { Parsed, Shape } from './option.ts';

/** What a source holds for one option, as texts; null when it holds nothing. */
export type Texts = readonly string[] | null;

/** As commander stores it: a text, the texts of a repeated option, `true` for a switch. */
export type FlagValue = string | readonly string[] | boolean | undefined;

export function textsOfFlag(value: FlagValue): Texts {
  if (value === undefined) return null;
  return typeof value === 'object' ? value : [String(value)];
}

/** An empty variable counts as not set, as for the variables of OpenTelemetry. */
export function textsOfVariable(value: string | undefined, shape: Shape): Texts {
  if (value === undefined || value.trim() === '') return null;
  if (shape !== 'list' && shape !== 'pairs') return [value];
  const parts = value.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

/**
 * A value of a TOML file. Nested tables of pairs get dotted keys: TOML reads `deployment.environment = "x"`
 * as a table.
 */
export function textsOfToml(value: unknown, shape: Shape): Parsed<readonly string[]> {
  const texts = shape === 'pairs' && isTable(value) ? pairsOfTable(value, '') : plainTexts(value, shape);
  if (texts !== null) return { ok: true, value: texts };
  return { ok: false, value: describe(value), reason: `must be ${expected[shape]}` };
}

const expected: Readonly<Record<Shape, string>> = {
  switch: 'true or false',
  value: 'a string',
  number: 'a number',
  list: 'a string or an array of strings',
  pairs: 'a table of strings or an array of "K=V"',
};

function plainTexts(value: unknown, shape: Shape): readonly string[] | null {
  if (shape === 'switch') return typeof value === 'boolean' ? [String(value)] : null;
  if (shape === 'number') return typeof value === 'number' ? [String(value)] : null;
  if (shape !== 'pairs' && typeof value === 'string') return [value];
  if (shape === 'value' || !Array.isArray(value)) return null;
  return value.every((each) => typeof each === 'string') ? value : null;
}

function pairsOfTable(table: Readonly<Record<string, unknown>>, prefix: string): string[] | null {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(table)) {
    const inner = isTable(value) ? pairsOfTable(value, `${prefix}${key}.`) : null;
    if (typeof value === 'string') pairs.push(`${prefix}${key}=${value}`);
    else if (inner !== null) pairs.push(...inner);
    else return null;
  }
  return pairs;
}

/** A TOML table, and no array, date or the like. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Only the type of what is not plain: a table may hold secrets. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'a table' : String(value);
}

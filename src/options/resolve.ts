import type { OptionFs } from './config-file.ts';
import type { Layer } from './layer.ts';
import type { OptionRow, Place } from './option.ts';
import type { OptionTable, Settings } from './table.ts';

/** A bad value: which source gave it, for which key. `reason` is a clause, `value` holds no secret. */
export interface Problem {
  /** `--forward`, `AI_TRACE_FORWARD` or the path of a file. */
  source: string;
  /** The option's name as a configuration file spells it. */
  key: string;
  value: string;
  reason: string;
}

export type Resolved<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/**
 * Every option from the layers, strongest first. A bad value counts even where a stronger source overrides
 * it.
 */
export function resolveSettings(
  table: OptionTable,
  layers: readonly Layer[],
  place: Place,
  fs: OptionFs,
): Resolved<Settings> {
  const settings: Partial<Settings> = {};
  for (const name of Object.keys(table) as (keyof Settings)[]) {
    const problem = settle(settings, name, table, layers, place, fs);
    if (problem !== null) return { ok: false, problem };
  }
  return { ok: true, value: settings as Settings };
}

function settle<K extends keyof Settings>(
  settings: Partial<Settings>,
  name: K,
  table: OptionTable,
  layers: readonly Layer[],
  place: Place,
  fs: OptionFs,
): Problem | null {
  const resolved = resolveOption(table[name], layers, place, fs);
  if (!resolved.ok) return resolved.problem;
  settings[name] = resolved.value;
  return null;
}

function resolveOption<T>(
  row: OptionRow<T>,
  layers: readonly Layer[],
  place: Place,
  fs: OptionFs,
): Resolved<T> {
  const given: T[] = [];
  for (const layer of layers) {
    const texts = layer.textsOf(row);
    if (texts.ok && texts.value === null) continue;
    const parsed = texts.ok ? row.parse(texts.value ?? [], place, fs) : texts;
    if (!parsed.ok) {
      const { value, reason } = parsed;
      return { ok: false, problem: { source: layer.nameOf(row), key: row.key, value, reason } };
    }
    given.push(parsed.value);
  }
  const { merge = (stronger: T) => stronger } = row;
  return { ok: true, value: given.length === 0 ? row.otherwise : given.reduce(merge) };
}

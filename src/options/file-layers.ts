import { findProjectFile, type OptionFs, readConfigFile } from './config-file.ts';
import { fileLayer, type Layer } from './layer.ts';
import type { Place } from './option.ts';
import { optionTable } from './table.ts';
import type { Warning } from './warning.ts';

type Values = Readonly<Record<string, unknown>>;

export interface FileLayers {
  /** Project file first: it is the stronger one. */
  layers: Layer[];
  /**
   * All that the user file holds, for what is no option of a run: `[commands]`, `[prices]` and
   * `price_updates`.
   */
  user: Values;
  warnings: Warning[];
}

const rows = Object.values(optionTable);
const knownKeys: readonly string[] = [...rows.map((row) => row.key), 'commands', 'prices', 'price_updates'];
const projectKeys: readonly string[] = rows.filter((row) => row.inProject).map((row) => row.key);

export async function readFileLayers(
  userFile: string,
  { cwd, home }: Place,
  fs: OptionFs,
): Promise<FileLayers> {
  const user = await readAllowed(userFile, knownKeys, fs);
  const projectFile = findProjectFile(cwd, home, fs);
  const project = projectFile === undefined ? null : await readAllowed(projectFile, projectKeys, fs);
  return {
    layers: [project, user].filter((each) => each !== null).map((each) => fileLayer(each.file, each.values)),
    user: user.values,
    warnings: [...(project?.warnings ?? []), ...user.warnings],
  };
}

/** The values of the allowed keys; every other key is reported. */
async function readAllowed(file: string, allowed: readonly string[], fs: OptionFs) {
  const config = await readConfigFile(file, fs);
  if (config.kind === 'absent') return { file, values: {}, warnings: [] };
  if (config.kind === 'unreadable') {
    const warning: Warning = { kind: 'unreadable_file', file, reason: config.reason };
    return { file, values: {}, warnings: [warning] };
  }
  const { used, refused } = split(config.values, allowed);
  const warnings = refused.map(
    (key): Warning => ({ kind: knownKeys.includes(key) ? 'unsafe_key' : 'unknown_key', file, key }),
  );
  return { file, values: used, warnings };
}

function split(values: Values, allowed: readonly string[]): { used: Values; refused: string[] } {
  const entries = Object.entries(values);
  const used = entries.filter(([key]) => allowed.includes(key));
  const refused = entries.map(([key]) => key).filter((key) => !allowed.includes(key));
  return { used: Object.fromEntries(used), refused };
}

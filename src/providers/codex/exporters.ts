import type { InjectionConflict, InjectionContext } from '../provider.ts';
import type { ToolPolicy } from './tool-variables.ts';
import { type ConfigWords, configWords } from './words.ts';

/** Exporter keys below `[otel]` and the signal each is for. */
export const exporters = [
  { key: 'exporter', signal: 'logs' },
  { key: 'trace_exporter', signal: 'traces' },
  { key: 'metrics_exporter', signal: 'metrics' },
] as const;

export type ExporterKey = (typeof exporters)[number]['key'];

/** How each signal can be sent here. One that is missing cannot be, and is left as the user has it. */
export interface ExporterPlan {
  variants: Partial<Record<ExporterKey, 'otlp-http' | 'otlp-grpc'>>;
  conflicts: InjectionConflict[];
  /** What the user's layers say of the environment of tools. */
  toolPolicy: ToolPolicy;
}

type Table = Record<string, unknown>;

/**
 * Codex merges the tables of all its layers key by key, our `-c` words among them: an exporter that is
 * `otlp-grpc` somewhere must stay it, for with an `otlp-http` of ours beside it Codex does not start
 * (facts/codex.md §2.4). A project's own `.codex/config.toml` has no say: its `[otel]` is ignored even when the
 * project is trusted (measured on 0.169.0).
 */
export async function planExporters(context: InjectionContext): Promise<ExporterPlan> {
  const words = configWords(context.args);
  const conflicts: InjectionConflict[] = [];
  const read = async (file: string): Promise<Table> => {
    const table = await parsed(context.readFile(file));
    if (table !== 'unparsable') return table;
    conflicts.push({ kind: 'unparsable_config', file });
    return {};
  };
  let below: Table = {};
  for (const file of filesBelow(words, context)) below = merged(below, await read(file));
  let above: Table = {};
  const fixed = new Set<ExporterKey>();
  for (const file of managedFiles) {
    const table = await read(file);
    above = merged(above, table);
    const keys = exporters.map(({ key }) => key).filter((key) => isComplete(otelOf(table)[key]));
    if (keys.length === 0) continue;
    for (const key of keys) fixed.add(key);
    conflicts.push({
      kind: 'managed_settings',
      file,
      keys: keys.map((key) => `otel.${key}`),
      isSilent: false,
    });
  }
  const asked = await inWords(words);
  const config = merged(merged(below, asked.table), above);
  const toolPolicy = tableAt(config, 'shell_environment_policy');
  // What cannot be read may be gRPC in any of them.
  if (conflicts.some(({ kind }) => kind === 'unparsable_config'))
    return { variants: {}, conflicts, toolPolicy };

  const user = otelOf(config);
  const variants: ExporterPlan['variants'] = {};
  const own: string[] = [];
  const certified: string[] = [];
  for (const { key, signal } of exporters) {
    if (fixed.has(key)) continue;
    const http = tableAt(tableAt(user, key), 'otlp-http');
    if (asked.replacesAll || isComplete(otelOf(asked.table)[key])) own.push(signal);
    else if ('otlp-grpc' in tableAt(user, key)) variants[key] = 'otlp-grpc';
    // Measured on 0.169.0: it then sends nothing to an address that begins with http:, and says nothing.
    else if ('client-certificate' in tableAt(http, 'tls')) certified.push(signal);
    else variants[key] = 'otlp-http';
  }
  if (own.length > 0) conflicts.push({ kind: 'own_exporter', signals: own });
  if (certified.length > 0) conflicts.push({ kind: 'client_certificate', signals: certified });
  return { variants, conflicts, toolPolicy };
}

/** Above the command line, the weaker first; measured on 0.169.0. */
export const managedFiles = ['/etc/codex/managed_config.toml', '/etc/codex/requirements.toml'];

/** Below the command line, the weakest first. */
function filesBelow({ profile, ignoresUserConfig }: ConfigWords, { env, home }: InjectionContext): string[] {
  const folder = env['CODEX_HOME'] || `${home}/.codex`;
  const files = ['/etc/codex/config.toml'];
  if (ignoresUserConfig) return files;
  files.push(`${folder}/config.toml`);
  if (profile !== undefined) files.push(`${folder}/${profile}.config.toml`);
  return files;
}

/** A value of an exporter that leaves nothing of ours: a word such as "none", or a variant with an endpoint. */
function isComplete(exporter: unknown): boolean {
  if (!isTable(exporter)) return exporter !== undefined;
  return Object.values(exporter).some((variant) => isTable(variant) && 'endpoint' in variant);
}

/**
 * The user's `-c` words as the table that Codex makes of them. They stand behind ours and so win over them.
 * `replacesAll`: one of them is the whole of `otel`, and nothing of ours is left.
 */
async function inWords({ settings }: ConfigWords): Promise<{ table: Table; replacesAll: boolean }> {
  const ofOtel = settings.filter(({ key }) => key === 'otel' || key.startsWith('otel.'));
  const table: Table = {};
  for (const { key, value } of ofOtel) {
    const path = key.split('.');
    const last = path.pop() ?? '';
    let at = table;
    for (const name of path) {
      const next = isTable(at[name]) ? at[name] : {};
      at[name] = next;
      at = next;
    }
    at[last] = await tomlValue(value);
  }
  return { table, replacesAll: ofOtel.some(({ key }) => key === 'otel') };
}

/** What is no TOML is a string, for Codex too. */
async function tomlValue(text: string): Promise<unknown> {
  const { parse } = await import('smol-toml');
  try {
    return parse(`value = ${text}`)['value'];
  } catch {
    return text;
  }
}

/** The parser is loaded only for a file that has settings of ours. */
async function parsed(toml: string | undefined): Promise<Table | 'unparsable'> {
  if (toml === undefined || !/otel|shell_environment_policy/.test(toml)) return {};
  const { parse } = await import('smol-toml');
  try {
    return parse(toml);
  } catch {
    // Codex reads newer TOML than this parser: look at the text, and leave alone what may be gRPC.
    return toml.includes('otlp-grpc') ? 'unparsable' : {};
  }
}

function merged(below: Table, above: Table): Table {
  const result = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = result[key];
    result[key] = isTable(under) && isTable(value) ? merged(under, value) : value;
  }
  return result;
}

function otelOf(config: Table): Table {
  return tableAt(config, 'otel');
}

function tableAt(table: Table, key: string): Table {
  const value = table[key];
  return isTable(value) ? value : {};
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

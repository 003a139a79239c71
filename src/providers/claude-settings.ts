import type { Injection, InjectionConflict, InjectionContext } from './provider.ts';
import { withRunId } from './resource-attributes.ts';

/**
 * Claude takes our variables by `--settings`: process environment is its weakest layer, and of two
 * `--settings` the last wins completely, so the user's own is read, merged with ours and passed as one
 * private file (facts/claude.md §2.1).
 */
export function mergedSettings(context: InjectionContext): Injection {
  const { args, rest, given } = takeSettings(context.args);
  const own = given === undefined ? {} : readSettings(given, context);
  const conflicts = managedConflicts(context);
  const env = variables(context, own);
  if (own === undefined) {
    // Claude will tell the user what is wrong with it; ours go by the environment alone.
    return {
      args: [...context.args],
      env,
      conflicts: [...conflicts, { kind: 'unreadable_settings', value: given ?? '' }],
    };
  }
  const file = context.writePrivate(
    'claude-settings.json',
    JSON.stringify({ ...own, env: { ...(own['env'] as object), ...env } }),
  );
  return { args: ['--settings', file, ...args, ...rest], env, conflicts };
}

type Settings = Record<string, unknown>;

/** Blank where the user may have a per-signal endpoint, which would beat ours [2.1]. */
const blanked = ['LOGS', 'METRICS', 'TRACES'].flatMap((signal) => [
  `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`,
  `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`,
]);

function variables(
  { endpoint, runId, env, home, readFile }: InjectionContext,
  own: Settings | undefined,
): Record<string, string> {
  const configDir = env['CLAUDE_CONFIG_DIR'] || `${home}/.claude`;
  const user = parse(readFile(`${configDir}/settings.json`));
  const resource = [own, user].map(
    (settings) => (settings?.['env'] as Settings | undefined)?.['OTEL_RESOURCE_ATTRIBUTES'],
  );
  const attributes = resource.find((value) => typeof value === 'string') ?? env['OTEL_RESOURCE_ATTRIBUTES'];
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...Object.fromEntries(blanked.map((name) => [name, ''])),
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'cumulative',
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
    OTEL_LOGS_EXPORT_INTERVAL: '1000',
    OTEL_TRACES_EXPORT_INTERVAL: '1000',
    OTEL_METRICS_INCLUDE_SESSION_ID: 'true',
    OTEL_RESOURCE_ATTRIBUTES: withRunId(attributes, runId),
    // What the user has switched on for a collector of their own stays out of ours.
    OTEL_LOG_USER_PROMPTS: '0',
    OTEL_LOG_TOOL_DETAILS: '0',
    OTEL_LOG_TOOL_CONTENT: '0',
    OTEL_LOG_RAW_API_BODIES: '0',
    OTEL_TRACES_SAMPLER: 'always_on',
  };
}

/**
 * Splits the user's `--settings` from the rest; of several the last counts, as for Claude. Words after `--`
 * are left alone.
 */
function takeSettings(words: readonly string[]): {
  args: string[];
  rest: string[];
  given: string | undefined;
} {
  const end = words.indexOf('--');
  const flags = end < 0 ? words : words.slice(0, end);
  const args: string[] = [];
  let given: string | undefined;
  for (let i = 0; i < flags.length; i++) {
    const word = flags[i] ?? '';
    if (word === '--settings' && i + 1 < flags.length) given = flags[++i];
    else if (word.startsWith('--settings=')) given = word.slice('--settings='.length);
    else args.push(word);
  }
  return { args, rest: end < 0 ? [] : words.slice(end), given };
}

/** `--settings` takes JSON or a path. */
function readSettings(given: string, { cwd, readFile }: InjectionContext): Settings | undefined {
  if (given.trim().startsWith('{')) return parse(given);
  return parse(readFile(given.startsWith('/') ? given : `${cwd}/${given}`));
}

function parse(json: string | undefined): Settings | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Settings)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Managed settings beat everything and cannot be redirected: told to the user, not fought [2.1]. */
function managedConflicts({ readFile }: InjectionContext): InjectionConflict[] {
  const file = '/etc/claude-code/managed-settings.json';
  const env = parse(readFile(file))?.['env'];
  const keys = Object.keys(typeof env === 'object' && env !== null ? env : {}).filter(
    (key) => key.startsWith('OTEL_') || key.startsWith('CLAUDE_CODE_ENABLE_TELEMETRY'),
  );
  return keys.length > 0 ? [{ kind: 'managed_settings', file, keys }] : [];
}

import type { Injection, InjectionConflict, InjectionContext } from '../provider.ts';
import { managedConflicts } from './managed.ts';
import { environmentOf, parseSettings, type Settings } from './settings-file.ts';

/**
 * Claude takes our variables by `--settings`: process environment is its weakest layer, and of two
 * `--settings` the last wins completely, so the user's own is read, merged with ours and passed as one
 * private file (facts/claude.md §2.1).
 */
export function mergedSettings(context: InjectionContext): Injection {
  const { args, rest, given } = takeSettings(context.args);
  const own = given === undefined ? {} : readSettings(given, context);
  const conflicts = managedConflicts(context);
  const env = variables(context);
  if (own === undefined) {
    // Claude will tell the user what is wrong with it; ours go by the environment alone.
    const conflict: InjectionConflict = { kind: 'unreadable_settings', value: given ?? '' };
    return { args: [...context.args], env, conflicts: [...conflicts, conflict] };
  }
  const merged = { ...own, env: { ...environmentOf(own), ...env } };
  const file = context.writePrivate('claude-settings.json', JSON.stringify(merged));
  return { args: ['--settings', file, ...args, ...rest], env, conflicts };
}

/** Blank where the user may have a per-signal endpoint, which would beat ours [2.1]. */
const blanked = ['LOGS', 'METRICS', 'TRACES'].flatMap((signal) => [
  `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`,
  `OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`,
]);

const contentSwitches = ['USER_PROMPTS', 'ASSISTANT_RESPONSES', 'TOOL_DETAILS', 'TOOL_CONTENT'].map(
  (what) => `OTEL_LOG_${what}`,
);

/** All three signals to one address, as running totals: Prometheus takes nothing else. */
export function exporterVariables(endpoint: string): Record<string, string> {
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: '1',
    CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: '1',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'cumulative',
  };
}

/** Prompts, answers, tool arguments and tool output, or not; never everything a second time, by the 60 kB [9]. */
export function contentVariables(content: boolean): Record<string, string> {
  const switches = Object.fromEntries(contentSwitches.map((name) => [name, content ? '1' : '0']));
  return { ...switches, OTEL_LOG_RAW_API_BODIES: '0' };
}

/** Claude takes `OTEL_…` from the environment of its tools by itself [2.2]. */
function variables({ endpoint, content }: InjectionContext): Record<string, string> {
  return {
    ...exporterVariables(endpoint),
    ...Object.fromEntries(blanked.map((name) => [name, ''])),
    // All its totals come again each time, also when nobody does anything (bench/idle.mjs); logs tell of each call at once.
    OTEL_METRIC_EXPORT_INTERVAL: '10000',
    OTEL_LOGS_EXPORT_INTERVAL: '200',
    OTEL_TRACES_EXPORT_INTERVAL: '200',
    OTEL_METRICS_INCLUDE_SESSION_ID: 'true',
    // What the user has switched on for a collector of their own stays out of ours.
    ...contentVariables(content),
    OTEL_TRACES_SAMPLER: 'always_on',
    // Would take logs and traces to an endpoint of its own [9].
    ENABLE_BETA_TRACING_DETAILED: '',
    BETA_TRACING_ENDPOINT: '',
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
  if (given.trim().startsWith('{')) return parseSettings(given);
  return parseSettings(readFile(given.startsWith('/') ? given : `${cwd}/${given}`));
}

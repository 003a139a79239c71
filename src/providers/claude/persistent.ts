import type { ConfigPlace, Override, PersistentSettings, SettingsTree } from '../persistent-settings.ts';
import { tableAt } from '../persistent-settings.ts';
import { managedConflicts } from './managed.ts';
import { contentVariables, exporterVariables } from './settings.ts';

/** `env` of Claude's settings.json beats the process environment (facts/claude.md §2.1). */
function variables(endpoint: string): Record<string, string> {
  return { ...exporterVariables(endpoint), ...contentVariables(false) };
}

export const claudePersistent: PersistentSettings = {
  file: ({ env, home }) => `${env['CLAUDE_CONFIG_DIR'] || `${home}/.claude`}/settings.json`,

  snippet: (endpoint) => ({
    format: 'jsonc',
    members: Object.entries(variables(endpoint)).map(([name, value]) => ({ path: ['env', name], value })),
    // A file with comments does not load, and nothing in it counts (measured on 2.1.329).
    dialect: { comments: false, byteOrderMark: true, empty: true },
  }),

  endpointOf(settings) {
    const endpoint = tableAt(settings, 'env')['OTEL_EXPORTER_OTLP_ENDPOINT'];
    return typeof endpoint === 'string' ? endpoint : undefined;
  },

  obstacles(settings) {
    const own = variables('');
    const env = tableAt(settings, 'env');
    const names = Object.keys(env).filter((name) => isObstacle(name) && !(name in own) && env[name] !== '');
    const inEnv = names.map((name) => ({ path: ['env', name], value: '' }));
    return settings['otelHeadersHelper'] ? [...inEnv, { path: ['otelHeadersHelper'], value: '' }] : inEnv;
  },

  // Section 9.
  stillSent: ['account'],

  overrides: async (_endpoint, place, settings) => [
    ...managedOverrides(place),
    ...environmentOverrides(place, settings),
  ],
};

/**
 * Address, protocol, credentials and compression of one signal or of all, an own way for traces, a sampler: with
 * one of them in force telemetry goes elsewhere, or takes along what is for somebody else.
 */
function isObstacle(name: string): boolean {
  return (
    name.startsWith('OTEL_EXPORTER_OTLP_') ||
    ['ENABLE_BETA_TRACING_DETAILED', 'BETA_TRACING_ENDPOINT', 'OTEL_TRACES_SAMPLER'].includes(name)
  );
}

function managedOverrides(place: ConfigPlace): Override[] {
  return managedConflicts(place).flatMap((conflict) =>
    conflict.kind === 'managed_settings'
      ? [{ layer: 'managed', file: conflict.file, keys: conflict.keys } as const]
      : [],
  );
}

/** Process environment comes through where the file says nothing. Headers from there do no harm. */
function environmentOverrides({ env }: ConfigPlace, settings: SettingsTree): Override[] {
  const inFile = { ...variables(''), ...tableAt(settings, 'env') };
  const keys = Object.keys(env).filter(
    (name) => isObstacle(name) && !name.endsWith('_HEADERS') && !(name in inFile) && Boolean(env[name]),
  );
  return keys.length === 0 ? [] : [{ layer: 'environment', keys }];
}

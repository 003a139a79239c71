import { aroundProxy } from '../loopback.ts';
import {
  type ConfigPlace,
  type Override,
  type PersistentSettings,
  type SettingsTree,
  tableAt,
} from '../persistent-settings.ts';
import { exporters, managedFiles } from './exporters.ts';

/**
 * `[otel]` of Codex's config.toml, one exporter for each signal: the flat form of older documents keeps Codex from
 * starting (facts/codex.md §2). A project's `.codex/config.toml` has no say in it [2.4]. The arguments of tools are
 * sent whatever is written here [10].
 */
export const codexPersistent: PersistentSettings = {
  file: ({ env, home }) => `${env['CODEX_HOME'] || `${home}/.codex`}/config.toml`,

  snippet: (endpoint) => ({
    format: 'toml',
    name: 'otel',
    lines: [
      ...exporters.map(({ key, signal }) => {
        const address = JSON.stringify(`${endpoint}/v1/${signal}`);
        return `${key} = { otlp-http = { endpoint = ${address}, protocol = "binary" } }`;
      }),
      'log_user_prompt = false',
      'log_agent_responses = false',
      'log_guardian_assessments = false',
      'log_sse_deltas = false',
      'tool_result = { max_bytes = 0 }',
    ],
  }),

  endpointOf(settings) {
    const http = tableAt(tableAt(tableAt(settings, 'otel'), 'exporter'), 'otlp-http');
    const { endpoint } = http;
    return typeof endpoint === 'string' ? endpoint.replace(/\/v1\/logs$/, '') : undefined;
  },

  obstacles: () => [],
  // Section 10.
  stillSent: ['tool_arguments', 'account'],

  overrides: async (endpoint, place) => [
    ...(await managedOverrides(place)),
    ...environmentOverrides(endpoint, place),
  ],
};

async function managedOverrides({ readFile }: ConfigPlace): Promise<Override[]> {
  const overrides: Override[] = [];
  for (const file of [...managedFiles].reverse()) {
    const keys = otelKeys(await parsed(readFile(file)));
    if (keys.length > 0) overrides.push({ layer: 'managed', file, keys });
  }
  return overrides;
}

function otelKeys(settings: SettingsTree): string[] {
  return Object.keys(tableAt(settings, 'otel')).map((key) => `otel.${key}`);
}

/** What cannot be read is not known to override anything. */
async function parsed(toml: string | undefined): Promise<SettingsTree> {
  if (toml === undefined) return {};
  const { parse } = await import('smol-toml');
  try {
    return parse(toml);
  } catch {
    return {};
  }
}

/** With compression, whatever its value, Codex 0.169.0 sends nothing, and through a proxy even to loopback. */
function environmentOverrides(endpoint: string, { env }: ConfigPlace): Override[] {
  const obstacles = Object.keys(env).filter(
    (name) => /^OTEL_EXPORTER_OTLP_(\w+_)?COMPRESSION$/.test(name) || name === 'OTEL_TRACES_SAMPLER',
  );
  const { hostname } = new URL(endpoint);
  const goesToProxy = hostname === '127.0.0.1' && isChanged(aroundProxy(env), env);
  const proxies = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].filter((name) => env[name]);
  const keys = [...obstacles.filter((name) => env[name] !== undefined), ...(goesToProxy ? proxies : [])];
  return keys.length === 0 ? [] : [{ layer: 'environment', keys }];
}

/** No exception for loopback is there yet. */
function isChanged(exceptions: Record<string, string>, env: ConfigPlace['env']): boolean {
  const names = Object.keys(exceptions);
  return names.length > 0 && names.every((name) => exceptions[name] !== env[name]);
}

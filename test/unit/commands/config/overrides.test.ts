import { describe, expect, test } from 'vitest';
import { persistentSettings } from '../../../../src/providers/persistent.ts';
import type { ConfigPlace, SettingsTree } from '../../../../src/providers/persistent-settings.ts';
import type { ProviderId } from '../../../../src/providers/provider.ts';

const endpoint = 'http://127.0.0.1:4318';

interface Machine {
  env?: Record<string, string>;
  files?: Record<string, string>;
  settings?: SettingsTree;
}

function overrides(id: ProviderId, { env = {}, files = {}, settings = {} }: Machine) {
  const place: ConfigPlace = {
    env,
    home: '/home/u',
    cwd: '/home/u/p',
    platform: 'linux',
    readFile: (path) => files[path],
    listFolder: (path) =>
      Object.keys(files)
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1)),
  };
  return persistentSettings[id].overrides(endpoint, place, settings);
}

test.each(['codex', 'gemini', 'claude'] as const)(
  'nothing wins over %s on an ordinary machine',
  async (id) => {
    const env = { PATH: '/bin', OTEL_RESOURCE_ATTRIBUTES: 'a=b', HTTP_PROXY: '', OTEL_TRACES_SAMPLER: '' };
    expect(await overrides(id, { env: id === 'codex' ? { PATH: '/bin' } : env })).toEqual([]);
  },
);

describe('codex', () => {
  test('managed files win, the requirements first', async () => {
    const files = {
      '/etc/codex/managed_config.toml': '[otel]\nexporter = "none"\n',
      '/etc/codex/requirements.toml': 'otel.log_user_prompt = true\n',
    };
    expect(await overrides('codex', { files })).toEqual([
      { layer: 'managed', file: '/etc/codex/requirements.toml', keys: ['otel.log_user_prompt'] },
      { layer: 'managed', file: '/etc/codex/managed_config.toml', keys: ['otel.exporter'] },
    ]);
  });

  test('managed files without telemetry do not', async () => {
    const files = { '/etc/codex/managed_config.toml': 'model = "x"\n', '/etc/codex/requirements.toml': '=' };
    expect(await overrides('codex', { files })).toEqual([]);
  });

  test('a project has no say', async () => {
    const files = { '/home/u/p/.codex/config.toml': '[otel]\nexporter = "none"\n' };
    expect(await overrides('codex', { files })).toEqual([]);
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: '' }, ['OTEL_EXPORTER_OTLP_COMPRESSION']],
    [{ OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'gzip' }, ['OTEL_EXPORTER_OTLP_LOGS_COMPRESSION']],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, ['OTEL_TRACES_SAMPLER']],
    [{ http_proxy: 'http://proxy:1' }, ['http_proxy']],
  ])('the environment wins: %j', async (env, keys) => {
    expect(await overrides('codex', { env })).toEqual([{ layer: 'environment', keys }]);
  });

  test('a proxy with an exception for loopback does not', async () => {
    expect(await overrides('codex', { env: { HTTP_PROXY: 'http://p', NO_PROXY: '127.0.0.1' } })).toEqual([]);
  });
});

describe('gemini', () => {
  test('the environment wins where it says something else', async () => {
    const env = {
      GEMINI_TELEMETRY_ENABLED: 'false',
      GEMINI_TELEMETRY_TARGET: 'local',
      GEMINI_TELEMETRY_LOG_PROMPTS: '1',
      GEMINI_TELEMETRY_OTLP_ENDPOINT: endpoint,
    };
    expect(await overrides('gemini', { env })).toEqual([
      { layer: 'environment', keys: ['GEMINI_TELEMETRY_ENABLED', 'GEMINI_TELEMETRY_LOG_PROMPTS'] },
    ]);
  });

  test('the nearest .env file wins, and below it the environment', async () => {
    const files = {
      '/home/u/.gemini/.env': 'GEMINI_TELEMETRY_TARGET=gcp\n',
      '/home/u/p/.env':
        '# mine\nexport OTEL_EXPORTER_OTLP_ENDPOINT="http://x:4318"\nGEMINI_TELEMETRY_OUTFILE=f\n',
    };
    expect(await overrides('gemini', { files, env: { GEMINI_TELEMETRY_OUTFILE: '' } })).toEqual([
      { layer: 'environment', file: '/home/u/p/.env', keys: ['OTEL_EXPORTER_OTLP_ENDPOINT'] },
    ]);
  });

  test('settings of the machine and of the project win key by key', async () => {
    const files = {
      '/etc/gemini-cli/settings.json': '{ "telemetry": { "enabled": false } }',
      '/home/u/p/.gemini/settings.json': '{ // ours\n"telemetry": { "target": "local", "outfile": "x" } }',
    };
    expect(await overrides('gemini', { files })).toEqual([
      { layer: 'managed', file: '/etc/gemini-cli/settings.json', keys: ['telemetry.enabled'] },
      { layer: 'project', file: '/home/u/p/.gemini/settings.json', keys: ['telemetry.outfile'] },
    ]);
  });
});

describe('claude', () => {
  test('managed settings and their drop-ins win', async () => {
    const files = {
      '/etc/claude-code/managed-settings.json': '{ "env": { "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x" } }',
      '/etc/claude-code/managed-settings.d/10.json': '{ "env": { "CLAUDE_CODE_ENABLE_TELEMETRY": "0" } }',
    };
    expect(await overrides('claude', { files })).toEqual([
      {
        layer: 'managed',
        file: '/etc/claude-code/managed-settings.json',
        keys: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
      },
      {
        layer: 'managed',
        file: '/etc/claude-code/managed-settings.d/10.json',
        keys: ['CLAUDE_CODE_ENABLE_TELEMETRY'],
      },
    ]);
  });

  test('of the environment what the file does not say wins', async () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x',
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://x/v1/logs',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
    };
    const settings = { env: { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: '' } };
    expect(await overrides('claude', { env, settings })).toEqual([
      { layer: 'environment', keys: ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT'] },
    ]);
  });
});

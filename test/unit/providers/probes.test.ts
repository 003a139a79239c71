import { describe, expect, test } from 'vitest';
import type { ProbePlace } from '../../../src/providers/probe.ts';
import { probes } from '../../../src/providers/probes.ts';

const modelUrl = 'http://127.0.0.1:12345';

function place(files: Readonly<Record<string, string>> = {}): ProbePlace {
  return {
    modelUrl,
    folder: '/tmp/probe',
    env: {},
    home: '/home/u',
    cwd: '/work',
    platform: 'linux',
    readFile: (path) => files[path],
    listFolder: (path) => (path.endsWith('.d') ? ['10.json'] : []),
  };
}

describe.each(Object.entries(probes))('%s', (_, probe) => {
  test('asks what stands on loopback, and finds no proxy that leads out', async () => {
    const { args, env } = await probe.start(place());
    expect(JSON.stringify([args, env])).toContain(modelUrl);
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']) {
      expect(env[name]).toBe(modelUrl);
    }
  });

  test('is started where nobody has fixed a model', async () => {
    expect(await probe.fixedModels(place())).toEqual([]);
  });

  test.each(['/v1/models', '/v1/analytics/codex/turn-costs', '/api/hello', '/v1beta/models'])(
    'takes %s for no question',
    (path) => {
      expect(probe.questionPath.test(path)).toBe(false);
    },
  );
});

test.each([
  ['codex', '/v1/responses'],
  ['gemini', '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse'],
  ['gemini', '/v1beta/models/gemini-2.5-flash:generateContent'],
  ['claude', '/v1/messages?beta=true'],
] as const)('%s asks its model by %s', (name, path) => {
  expect(probes[name].questionPath.test(path)).toBe(true);
});

describe('a model that an administrator has fixed', () => {
  test.each([
    ['codex', '/etc/codex/managed_config.toml', 'model_provider = "x"', ['model_provider']],
    ['codex', '/etc/codex/requirements.toml', 'openai_base_url = "x"', ['openai_base_url']],
    [
      'gemini',
      '/etc/gemini-cli/settings.json',
      '{ "security": { "auth": { "enforcedType": "vertex-ai" } } } // ours',
      ['security.auth.enforcedType'],
    ],
    [
      'claude',
      '/etc/claude-code/managed-settings.d/10.json',
      '{ "env": { "CLAUDE_CODE_USE_BEDROCK": "1", "OTEL_LOGS_EXPORTER": "otlp" }, "apiKeyHelper": "/bin/key" }',
      ['CLAUDE_CODE_USE_BEDROCK', 'apiKeyHelper'],
    ],
  ] as const)('%s: %s', async (name, file, text, keys) => {
    expect(await probes[name].fixedModels(place({ [file]: text }))).toEqual([{ file, keys }]);
  });

  test('is taken for granted where the file cannot be read', async () => {
    const [fixed] = await probes.codex.fixedModels(place({ '/etc/codex/requirements.toml': 'a = [' }));
    expect(fixed?.keys).toContain('model_provider');
  });

  test.each([
    ['codex', '/etc/codex/requirements.toml', 'allowed_sandbox_modes = ["read-only"]'],
    ['gemini', '/etc/gemini-cli/settings.json', '{ "telemetry": { "enabled": false } }'],
    ['claude', '/etc/claude-code/managed-settings.json', '{ "env": { "OTEL_LOGS_EXPORTER": "otlp" } }'],
  ] as const)('%s: not by other settings', async (name, file, text) => {
    expect(await probes[name].fixedModels(place({ [file]: text }))).toEqual([]);
  });
});

test("gemini's home has the user's telemetry settings, and nothing else of theirs", async () => {
  const settings = '{ "telemetry": { "outfile": "/x" }, "mcpServers": { "a": {} } } // mine';
  const { env, files } = await probes.gemini.start(place({ '/home/u/.gemini/settings.json': settings }));
  expect(env['GEMINI_CLI_HOME']).toBe('/tmp/probe');
  const [file] = files;
  expect(file?.path).toBe('/tmp/probe/.gemini/settings.json');
  expect(JSON.parse(file?.text ?? '')).toMatchObject({
    security: { auth: { selectedType: 'gemini-api-key' } },
    telemetry: { outfile: '/x' },
  });
  expect(file?.text).not.toContain('mcpServers');
});

test.each([
  ['codex', { otel: { metrics_exporter: { 'otlp-http': {} } } }, true],
  ['codex', { otel: { metrics_exporter: 'none' } }, false],
  ['codex', {}, false],
  ['gemini', { telemetry: { enabled: true } }, false],
  ['claude', { env: { OTEL_METRICS_EXPORTER: 'otlp' } }, true],
  [
    'claude',
    {
      env: { OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'cumulative' },
    },
    false,
  ],
  ['claude', {}, false],
] as const)('%s with %j sends deltas by itself: %j', (name, settings, does) => {
  expect(probes[name].sendsDeltas(settings)).toBe(does);
});

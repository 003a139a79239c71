import { tableAt } from '../persistent-settings.ts';
import { madeUpKey, type Probe, probePrompt, sealed } from '../probe.ts';
import { managedSettings } from './managed.ts';
import { environmentOf } from './settings-file.ts';

/** Of managed settings: where requests go, by which cloud or proxy, and with whose key. */
const modelVariable = /^(ANTHROPIC_|CLAUDE_CODE_USE_|CLAUDE_CODE_API_|(https?|all|no)_proxy$)/i;
const modelSettings = ['apiKeyHelper', 'forceLoginMethod', 'forceLoginOrgUUID'];

/** Ways to a model that the user may have chosen; an empty one is not taken. */
const otherWays = [
  'BEDROCK',
  'VERTEX',
  'FOUNDRY',
  'MANTLE',
  'GATEWAY',
  'ANTHROPIC_AWS',
  'ANTHROPIC_GOOGLE_CLOUD',
].map((way) => `CLAUDE_CODE_USE_${way}`);

/**
 * `claude -p` with an address of ours by `--settings`, which beats all but managed settings (facts/claude.md §2.1):
 * the injection merges it with its own.
 */
export const claudeProbe: Probe = {
  fixedModels: async (place) =>
    managedSettings(place)
      .map(({ file, settings }) => ({
        file,
        keys: [
          ...Object.keys(environmentOf(settings)).filter((name) => modelVariable.test(name)),
          ...modelSettings.filter((key) => settings[key] !== undefined),
        ],
      }))
      .filter(({ keys }) => keys.length > 0),

  start: async ({ modelUrl }) => {
    const ours = {
      ANTHROPIC_BASE_URL: modelUrl,
      ANTHROPIC_API_KEY: madeUpKey,
      ANTHROPIC_AUTH_TOKEN: '',
      CLAUDE_CODE_MAX_RETRIES: '0',
      ...Object.fromEntries(otherWays.map((name) => [name, ''])),
      // Would make a folder for a project that nobody has.
      CLAUDE_CODE_DISABLE_AUTO_MEMORY: '1',
      // Update checks and the like; telemetry to us it does not touch [2.1].
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
      ...sealed(modelUrl),
    };
    const settings = JSON.stringify({ disableAllHooks: true, apiKeyHelper: '', env: ours });
    return {
      args: [
        ...['--settings', settings],
        '--no-session-persistence',
        '--strict-mcp-config',
        ...['-p', probePrompt],
      ],
      env: ours,
      files: [],
    };
  },

  questionPath: /\/v1\/messages\b/,
  refusal: {
    type: 'error',
    error: { type: 'invalid_request_error', message: 'refused by ai-trace doctor' },
  },
  refusesAfterMs: 0,

  // Unless it is told to send running totals [2.1].
  sendsDeltas(settings) {
    const env = tableAt(settings, 'env');
    const exporters = String(env['OTEL_METRICS_EXPORTER'] ?? '').split(',');
    const temporality = String(env['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'] ?? 'delta');
    return exporters.includes('otlp') && temporality.toLowerCase() === 'delta';
  },
};

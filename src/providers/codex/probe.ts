import { tableAt } from '../persistent-settings.ts';
import { type FixedModel, madeUpKey, type Probe, probePrompt, sealed } from '../probe.ts';
import { managedFiles } from './exporters.ts';

const provider = 'ai_trace_doctor';
const keyVariable = 'AI_TRACE_DOCTOR_KEY';

/** Keys of a managed file that say who is asked, or how the user is to be logged in. */
const modelKeys = [
  'model_provider',
  'model_providers',
  'openai_base_url',
  'chatgpt_base_url',
  'oss_provider',
];

/** `codex exec` with a provider of its own (facts/codex.md §12): config.toml counts, but for who is asked. */
export const codexProbe: Probe = {
  async fixedModels({ readFile }) {
    const fixed: FixedModel[] = [];
    for (const file of managedFiles) {
      const text = readFile(file);
      if (text === undefined) continue;
      const keys = await keysOf(text);
      const found = modelKeys.filter((key) => keys === null || keys.includes(key));
      if (found.length > 0) fixed.push({ file, keys: found });
    }
    return fixed;
  },

  start: async ({ modelUrl }) => ({
    args: [
      'exec',
      '--skip-git-repo-check',
      '--ephemeral',
      ...['--sandbox', 'read-only'],
      ...['-c', `model_provider=${JSON.stringify(provider)}`],
      ...['-c', `model_providers.${provider}={${providerKeys(modelUrl)}}`],
      // What the user has hung on to a session is not for a probe.
      ...['-c', 'features.hooks=false'],
      probePrompt,
    ],
    env: {
      ...sealed(modelUrl),
      [keyVariable]: madeUpKey,
      // A run that fails ends without a flush, and metrics would leave every minute (section 3).
      OTEL_METRIC_EXPORT_INTERVAL: '50',
    },
    files: [],
  }),

  questionPath: /\/responses$/,
  refusal: { error: { message: 'refused by ai-trace doctor', type: 'invalid_request_error', code: null } },
  refusesAfterMs: 300,

  // Always (section 6.6), unless they go to OpenAI or nowhere, which is a word.
  sendsDeltas: (settings) => typeof tableAt(settings, 'otel')['metrics_exporter'] === 'object',
};

function providerKeys(modelUrl: string): string {
  return [
    'name="ai-trace doctor"',
    `base_url=${JSON.stringify(`${modelUrl}/v1`)}`,
    `env_key=${JSON.stringify(keyVariable)}`,
    'wire_api="responses"',
    'request_max_retries=0',
    'stream_max_retries=0',
  ].join(',');
}

/** null: it cannot be read, and may say anything. */
async function keysOf(toml: string): Promise<string[] | null> {
  const { parse } = await import('smol-toml');
  try {
    return Object.keys(parse(toml));
  } catch {
    return null;
  }
}

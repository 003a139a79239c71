import { inject, onTestFinished } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { type CliOptions, cliArgs } from './cli-args.ts';
import { startAnthropic } from './mock/anthropic.ts';
import type { AnthropicUsage } from './mock/anthropic-events.ts';
import type { MockApi } from './mock/api.ts';
import { startGemini } from './mock/gemini.ts';
import type { GeminiUsage } from './mock/gemini-events.ts';
import { type OpenAiOptions, startOpenAi } from './mock/openai.ts';
import type { OpenAiUsage } from './mock/openai-events.ts';
import type { Script } from './mock/script.ts';
import { runHeadless } from './run.ts';
import { cliEnv, createSandbox, madeUpKey } from './sandbox.ts';

interface Usages {
  codex: OpenAiUsage;
  gemini: GeminiUsage;
  claude: AnthropicUsage;
}

export interface RigOptions extends OpenAiOptions {
  /** Codex only; with `built-in` it is logged in already. */
  provider?: 'mock' | 'built-in';
}

/** One real CLI, a mock of its model and a home of its own. */
export interface Rig {
  name: CliName;
  api: MockApi;
  home: string;
  cwd: string;
  env: Record<string, string>;
  executable: string;
  args(mode: 'headless' | 'tui', prompt: string, options?: Omit<CliOptions, 'apiUrl' | 'provider'>): string[];
}

/** Everything is gone again when the test that asked for it ends. */
export async function rig<Name extends CliName>(
  name: Name,
  script: Script<Usages[Name]>,
  { provider = 'mock', ...openAiOptions }: RigOptions = {},
): Promise<Rig> {
  const api = await startApi[name](script, openAiOptions);
  onTestFinished(() => api.close());
  const sandbox = await createSandbox();
  onTestFinished(() => sandbox.remove());
  const executable = inject('clis')[name];
  const env = cliEnv(name, { apiUrl: api.url, executable, sandbox });
  const { home, cwd } = sandbox;
  if (provider === 'built-in') {
    const login = await runHeadless([executable, 'login', '--with-api-key'], { env, cwd, input: madeUpKey });
    if (login.code !== 0) throw new Error(`codex login ended with ${login.code}: ${login.stderr}`);
  }
  return {
    name,
    api,
    home,
    cwd,
    env,
    executable,
    args: (mode, prompt, options) => cliArgs(name, mode, prompt, { ...options, apiUrl: api.url, provider }),
  };
}

type StartApi = {
  [Name in CliName]: (script: Script<Usages[Name]>, options: OpenAiOptions) => Promise<MockApi>;
};

const startApi: StartApi = { codex: startOpenAi, gemini: startGemini, claude: startAnthropic };

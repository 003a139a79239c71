import type { CliName } from '../../scripts/clis.mjs';

export interface CliOptions {
  /** The `url` of the mock. */
  apiUrl: string;
  model?: string;
  /**
   * Who lets a tool run: nobody is asked (default without a terminal), the user (default in one), or, for Claude, the
   * model that is asked when no option says otherwise.
   */
  approval?: 'skip' | 'ask' | 'model';
  /** Output for programs, without a terminal only. */
  json?: boolean;
  /** Codex with the provider `mock`: how often a failed request and a failed stream are tried again; its own 4 and 5 take long. */
  retries?: number;
  /** Codex with the provider `mock`: how long a stream may be silent, ms; its own is five minutes. */
  idleTimeoutMs?: number;
  /** Codex: a provider of our own over HTTP, or the built-in one over WebSocket, which wants a login first. */
  provider?: 'mock' | 'built-in';
}

/** The arguments of a run against a mock, the prompt included; in a terminal an empty prompt waits for the user. */
export function cliArgs(
  name: CliName,
  mode: 'headless' | 'tui',
  prompt: string,
  options: CliOptions,
): string[] {
  const approval = options.approval ?? (mode === 'headless' ? 'skip' : 'ask');
  return ownArgs[name](mode, prompt, { ...options, approval });
}

type OwnArgs = (mode: 'headless' | 'tui', prompt: string, options: CliOptions) => string[];

const ownArgs: Record<CliName, OwnArgs> = {
  codex(mode, prompt, options) {
    const { model = 'gpt-5.5', approval, json } = options;
    const args = ['-m', model, ...codexProvider(options)];
    if (approval === 'skip') args.push('--dangerously-bypass-approvals-and-sandbox');
    if (mode === 'tui') return [...args, ...words(prompt)];
    return ['exec', '--skip-git-repo-check', ...args, ...(json ? ['--json'] : []), prompt];
  },
  gemini(mode, prompt, { model, approval, json }) {
    const args = model ? ['-m', model] : [];
    if (approval === 'skip') args.push('--yolo');
    if (mode === 'tui') return prompt ? [...args, '-i', prompt] : args;
    return [...args, ...(json ? ['--output-format', 'json'] : []), '-p', prompt];
  },
  claude(mode, prompt, { model, approval, json }) {
    const args = model ? ['--model', model] : [];
    if (approval === 'skip') args.push('--dangerously-skip-permissions');
    if (approval === 'ask') args.push('--permission-mode', 'default');
    if (mode === 'tui') return [...args, ...words(prompt)];
    return [...args, ...(json ? ['--output-format', 'json'] : []), '-p', prompt];
  },
};

function codexProvider({ apiUrl, provider = 'mock', retries, idleTimeoutMs }: CliOptions): string[] {
  const base = JSON.stringify(`${apiUrl}/v1`);
  if (provider === 'built-in') return ['-c', `openai_base_url=${base}`];
  const keys = ['name="mock"', `base_url=${base}`, 'env_key="MOCK_API_KEY"', 'wire_api="responses"'];
  if (retries !== undefined) keys.push(`request_max_retries=${retries}`, `stream_max_retries=${retries}`);
  if (idleTimeoutMs !== undefined) keys.push(`stream_idle_timeout_ms=${idleTimeoutMs}`);
  return ['-c', 'model_provider=mock', '-c', `model_providers.mock={${keys.join(',')}}`];
}

function words(prompt: string): string[] {
  return prompt ? [prompt] : [];
}

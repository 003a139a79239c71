import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { CliName } from '../../scripts/clis.mjs';

/** A throw-away home with one trusted, empty project in it. */
export interface Sandbox {
  home: string;
  /** The project, where a CLI is started. */
  cwd: string;
  remove(): Promise<void>;
}

/** Holds what each CLI needs to start without a question. The key is that of `cliEnv`, approved in Claude's own form. */
export async function createSandbox(): Promise<Sandbox> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'ai-trace-test-')));
  const cwd = join(home, 'project');
  // Codex refuses to put its helpers under TMPDIR, so that one is a folder beside its own.
  for (const folder of ['project', 'tmp', 'run']) await mkdir(join(home, folder), { mode: 0o700 });
  await write(home, '.codex/config.toml', codexConfig(cwd));
  await write(home, '.gemini/settings.json', JSON.stringify(geminiSettings, null, 2));
  await write(home, '.claude/.claude.json', JSON.stringify(claudeConfig(cwd), null, 2));
  return { home, cwd, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface CliPlace {
  /** The `url` of the mock. */
  apiUrl: string;
  /** Path of the CLI; its folder becomes the first of PATH. */
  executable: string;
  sandbox: Sandbox;
}

/** The complete environment of a run, made-up key included. */
export function cliEnv(name: CliName, { apiUrl, executable, sandbox }: CliPlace): Record<string, string> {
  const { home } = sandbox;
  return {
    PATH: [dirname(executable), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    LANG: 'C.UTF-8',
    TMPDIR: join(home, 'tmp'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    // Whatever a CLI wants from outside is refused at once.
    HTTPS_PROXY: 'http://127.0.0.1:1',
    NO_PROXY: '127.0.0.1,localhost',
    AI_TRACE_PRICE_UPDATES: '0',
    ...ownEnv[name](apiUrl, home),
  };
}

const ownEnv: Record<CliName, (apiUrl: string, home: string) => Record<string, string>> = {
  codex: (_apiUrl, home) => ({ CODEX_HOME: join(home, '.codex'), MOCK_API_KEY: madeUpKey }),
  gemini: (apiUrl) => ({
    GEMINI_API_KEY: madeUpKey,
    GOOGLE_GEMINI_BASE_URL: apiUrl,
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
  }),
  claude: (apiUrl, home) => ({
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    CLAUDE_CODE_TMPDIR: join(home, 'tmp'),
    ANTHROPIC_API_KEY: madeUpKey,
    ANTHROPIC_BASE_URL: apiUrl,
    DISABLE_AUTOUPDATER: '1',
    // Lets it skip permissions as root, in a container.
    IS_SANDBOX: '1',
  }),
};

export const madeUpKey = 'sk-mock-0123456789abcdefghijklmnopqrstuvwxyz';

function codexConfig(cwd: string): string {
  return `check_for_update_on_startup = false

[projects.${JSON.stringify(cwd)}]
trust_level = "trusted"

# What it offers at the first start, answered.
[tui]
screen_reader_detection_done = true
[tui.model_availability_nux]
"gpt-6.1-sol" = 1
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
`;
}

const geminiSettings = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
  privacy: { usageStatisticsEnabled: false },
};

function claudeConfig(cwd: string) {
  return {
    theme: 'dark',
    hasCompletedOnboarding: true,
    // It knows a key by its last twenty characters.
    customApiKeyResponses: { approved: [madeUpKey.slice(-20)], rejected: [] },
    bypassPermissionsModeAccepted: true,
    projects: { [cwd]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
}

async function write(home: string, path: string, text: string): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

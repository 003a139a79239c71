import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CliName, ensureCli } from '../../../scripts/clis.mjs';
import type { Receipt } from '../../../src/report/receipt.ts';
import { cliArgs } from '../cli-args.ts';
import { startAnthropic } from '../mock/anthropic.ts';
import type { MockApi } from '../mock/api.ts';
import { startGemini } from '../mock/gemini.ts';
import { startOpenAi } from '../mock/openai.ts';
import type { Script, ToolCall } from '../mock/script.ts';
import { claudeTools, codexTools, geminiTools } from '../mock/tool-calls.ts';
import { runHeadless } from '../run.ts';
import { cliEnv, createSandbox } from '../sandbox.ts';

interface Story {
  /** @param command that the tool which succeeds runs */
  startApi(command: string): Promise<MockApi>;
  /** Keeps the CLI's own patience short. */
  retries?: number;
  env?: Readonly<Record<string, string>>;
}

/** In each CLI: a request that is refused and then taken, a tool that succeeds, one that fails, an answer. */
const stories: Record<CliName, Story> = {
  codex: {
    startApi: (command) =>
      startOpenAi(script(codexTools.execCommand(command), codexTools.execCommand('exit 3'))),
    retries: 1,
  },
  gemini: {
    // Of a command it does not tell the exit code.
    startApi: (command) => startGemini(script(geminiTools.runShellCommand(command), noSuchTool)),
  },
  claude: {
    startApi: (command) => startAnthropic(script(claudeTools.bash(command), claudeTools.bash('exit 3'))),
    env: { CLAUDE_CODE_MAX_RETRIES: '1' },
  },
};

const noSuchTool: ToolCall = { name: 'no_such_tool', input: {} };

function script(succeeds: ToolCall, fails: ToolCall): Script<never> {
  return {
    main: [
      { kind: 'error', status: 429, retryAfter: 1 },
      { kind: 'tool', calls: [succeeds] },
      { kind: 'tool', calls: [fails] },
      { kind: 'text', text: 'All done.' },
    ],
  };
}

export interface SessionOptions {
  /** Path of the built program. */
  aiTrace: string;
  /** Its own words. */
  own: readonly string[];
  /** What the tool that succeeds runs. */
  command?: string;
}

/** Runs one session of the real CLI under ai-trace, with one prompt; gives its receipt. @throws {Error} when it fails */
export async function runSession(
  name: CliName,
  { aiTrace, own, command = 'echo hi' }: SessionOptions,
): Promise<Receipt> {
  const { startApi, retries, env = {} } = stories[name];
  const executable = await ensureCli(name);
  const api = await startApi(command);
  const sandbox = await createSandbox();
  try {
    const receipt = join(sandbox.home, 'receipt.json');
    const args = cliArgs(name, 'headless', 'Say hello to me.', {
      apiUrl: api.url,
      ...(retries !== undefined && { retries }),
    });
    const { code, stderr } = await runHeadless(
      [process.execPath, aiTrace, ...own, '--summary-file', receipt, name, ...args],
      {
        env: { ...cliEnv(name, { apiUrl: api.url, executable, sandbox }), ...env },
        cwd: sandbox.cwd,
        timeoutMs: 120_000,
      },
    );
    if (code !== 0) throw new Error(`ai-trace ${name} ended with ${code}: ${stderr}`);
    return JSON.parse(await readFile(receipt, 'utf8'));
  } finally {
    await api.close();
    await sandbox.remove();
  }
}

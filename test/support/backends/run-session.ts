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
  startApi(script: Script<never>): Promise<MockApi>;
  /** The calls of the tool that succeeds, which runs the command, and of the one that fails. */
  toolCalls(command: string): [succeeds: ToolCall, fails: ToolCall];
  /** Keeps the CLI's own patience short. */
  retries?: number;
  env?: Readonly<Record<string, string>>;
}

const stories: Record<CliName, Story> = {
  codex: {
    startApi: startOpenAi,
    toolCalls: (command) => [codexTools.execCommand(command), codexTools.execCommand('exit 3')],
    retries: 1,
  },
  gemini: {
    startApi: startGemini,
    // Of a command it does not tell the exit code.
    toolCalls: (command) => [geminiTools.runShellCommand(command), { name: 'no_such_tool', input: {} }],
  },
  claude: {
    startApi: startAnthropic,
    toolCalls: (command) => [claudeTools.bash(command), claudeTools.bash('exit 3')],
    env: { CLAUDE_CODE_MAX_RETRIES: '1' },
  },
};

/** A request that is refused and then taken, a tool that succeeds, one that fails, an answer. */
function answered([succeeds, fails]: [ToolCall, ToolCall]): Script<never> {
  return {
    main: [
      { kind: 'error', status: 429, retryAfter: 1 },
      { kind: 'tool', calls: [succeeds] },
      { kind: 'tool', calls: [fails] },
      { kind: 'text', text: 'All done.' },
    ],
  };
}

/** All is refused, for good. */
const refused: Script<never> = {
  main: [{ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY }],
};

export interface SessionOptions {
  /** Path of the built program. */
  aiTrace: string;
  /** Its own words. */
  own: readonly string[];
  /** What the tool that succeeds runs. */
  command?: string;
  /** The model refuses: the session fails. */
  isRefused?: boolean;
  /** Makes the project what it is to be, before the CLI starts in it. */
  prepare?(cwd: string): Promise<void>;
}

/** Runs one session of the real CLI under ai-trace, with one prompt; gives its receipt. @throws {Error} when it does not end as it should */
export async function runSession(name: CliName, options: SessionOptions): Promise<Receipt> {
  const { aiTrace, own, command = 'echo hi', isRefused = false, prepare } = options;
  const { startApi, toolCalls, retries, env = {} } = stories[name];
  const executable = await ensureCli(name);
  const api = await startApi(isRefused ? refused : answered(toolCalls(command)));
  const sandbox = await createSandbox();
  try {
    await prepare?.(sandbox.cwd);
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
    if ((code !== 0) !== isRefused) throw new Error(`ai-trace ${name} ended with ${code}: ${stderr}`);
    return JSON.parse(await readFile(receipt, 'utf8'));
  } finally {
    await api.close();
    await sandbox.remove();
  }
}

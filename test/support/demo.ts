import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliName } from '../../scripts/clis.mjs';
import { cliArgs } from './cli-args.ts';
import { startAnthropic } from './mock/anthropic.ts';
import type { MockApi } from './mock/api.ts';
import { startGemini } from './mock/gemini.ts';
import { startOpenAi } from './mock/openai.ts';
import { claudeTools, codexTools, geminiTools } from './mock/tool-calls.ts';
import { cliEnv, createSandbox } from './sandbox.ts';

const prompt = 'What is in this folder?';
const answer = { kind: 'text', text: 'One file, notes.txt. (This answer comes from a mock model.)' } as const;
const command = 'echo hello > notes.txt && ls';

/** A tool call and an answer, as each CLI's model would give them. */
const startApi: Record<CliName, () => Promise<MockApi>> = {
  codex: () => startOpenAi({ main: [{ kind: 'tool', calls: [codexTools.execCommand(command)] }, answer] }),
  gemini: () =>
    startGemini({ main: [{ kind: 'tool', calls: [geminiTools.runShellCommand(command)] }, answer] }),
  claude: () => startAnthropic({ main: [{ kind: 'tool', calls: [claudeTools.bash(command)] }, answer] }),
};

/** Runs one headless session on the terminal that the demo was started in; returns its exit code. */
export async function demo(name: CliName, executable: string, aiTrace: string): Promise<number> {
  const api = await startApi[name]();
  const sandbox = await createSandbox();
  try {
    const telemetry = join(tmpdir(), `ai-trace-demo-${name}.jsonl`);
    const own = ['--summary', 'always', '--forward', `file:${telemetry}`, name];
    const args = cliArgs(name, 'headless', prompt, { apiUrl: api.url });
    console.error(`\n$ ai-trace ${own.join(' ')} … "${prompt}"\n`);
    const child = spawn(process.execPath, [aiTrace, ...own, ...args], {
      env: cliEnv(name, { apiUrl: api.url, executable, sandbox }),
      cwd: sandbox.cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    return code ?? 1;
  } finally {
    await api.close();
    await sandbox.remove();
  }
}

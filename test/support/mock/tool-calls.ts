import type { ToolCall } from './script.ts';

/** Tool calls as the models of each CLI make them. */

export const codexTools = {
  /** Codex with classic tools (`gpt-5.5`). `escalate` asks to run outside the sandbox, which needs an approval. */
  execCommand: (cmd: string, { escalate = false } = {}): ToolCall => ({
    name: 'exec_command',
    input: escalate
      ? { cmd, sandbox_permissions: 'require_escalated', justification: 'The mock wants it.' }
      : { cmd },
  }),
  /** Code mode (`gpt-6*`, the default): one outer call whose program runs each command as a nested `exec_command`. */
  codeMode: (...commands: string[]): ToolCall => ({
    name: 'exec',
    input: commands.map((cmd) => `text(await tools.exec_command(${JSON.stringify({ cmd })}));`).join('\n'),
  }),
  /** A sub-agent (default models only): `spawnAgent` starts it, `waitAgent` waits for its answer. */
  spawnAgent: (message: string): ToolCall => ({
    namespace: 'collaboration',
    name: 'spawn_agent',
    input: { task_name: 'mock_task', message, fork_turns: 'none' },
  }),
  waitAgent: (): ToolCall => ({
    namespace: 'collaboration',
    name: 'wait_agent',
    input: { timeout_ms: 10_000 },
  }),
};

export const geminiTools = {
  runShellCommand: (command: string): ToolCall => ({
    name: 'run_shell_command',
    input: { command, description: 'The mock wants it.' },
  }),
  writeFile: (file_path: string, content: string): ToolCall => ({
    name: 'write_file',
    input: { file_path, content },
  }),
  /** Starts the sub-agent that has `completeTask`. */
  invokeAgent: (prompt: string): ToolCall => ({
    name: 'invoke_agent',
    input: { agent_name: 'codebase_investigator', prompt },
  }),
  /** The only way for a sub-agent to end; a text alone is a mistake to Gemini CLI. */
  completeTask: (summary: string): ToolCall => ({
    name: 'complete_task',
    input: { report: { SummaryOfFindings: summary, ExplorationTrace: [], RelevantLocations: [] } },
  }),
};

export const claudeTools = {
  bash: (command: string): ToolCall => ({
    name: 'Bash',
    input: { command, description: 'The mock wants it.' },
  }),
  write: (file_path: string, content: string): ToolCall => ({ name: 'Write', input: { file_path, content } }),
  /** A sub-agent; without `background` said, Claude Code runs it in the background. */
  agent: (prompt: string, background?: boolean): ToolCall => ({
    name: 'Agent',
    input: {
      description: 'A task of the mock',
      prompt,
      subagent_type: 'general-purpose',
      ...(background === undefined ? {} : { run_in_background: background }),
    },
  }),
};

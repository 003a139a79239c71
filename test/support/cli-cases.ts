import type { CliName } from '../../scripts/clis.mjs';
import type { ToolCall } from './mock/script.ts';
import { claudeTools, codexTools, geminiTools } from './mock/tool-calls.ts';
import type { Key } from './terminal.ts';

/** What one and the same story looks like in each CLI. */
export interface CliCase {
  name: CliName;
  /** The call of the tool that runs a shell command. */
  command(text: string): ToolCall;
  /** The same, but so that a person is asked first. */
  askedCommand(text: string): ToolCall;
  /** That tool's name in the receipt. */
  tool: string;
  /** Does its telemetry tell that a command ended with another code than 0? */
  tellsExitCode: boolean;
  terminal: {
    /** On the screen when it waits for a prompt. */
    ready: string;
    /** On the screen when a person is asked whether a tool may run; Enter allows it. */
    asks: RegExp;
    quit: string;
    /** Stops what the model is doing. */
    interrupt: Key;
  };
}

export const cliCases: readonly CliCase[] = [
  {
    name: 'codex',
    command: (text) => codexTools.execCommand(text),
    askedCommand: (text) => codexTools.execCommand(text, { escalate: true }),
    tool: 'exec_command',
    tellsExitCode: true,
    terminal: {
      ready: 'Ask Codex to do anything',
      asks: /Would you like to run/,
      quit: '/quit',
      interrupt: 'ctrl-c',
    },
  },
  {
    name: 'gemini',
    command: geminiTools.runShellCommand,
    askedCommand: geminiTools.runShellCommand,
    tool: 'run_shell_command',
    // Only among what it says with prompts logged, which ai-trace switches off.
    tellsExitCode: false,
    terminal: { ready: 'Type your message', asks: /Allow execution/, quit: '/quit', interrupt: 'escape' },
  },
  {
    name: 'claude',
    command: claudeTools.bash,
    askedCommand: claudeTools.bash,
    tool: 'Bash',
    tellsExitCode: true,
    terminal: { ready: '❯', asks: /Do you want to proceed/, quit: '/exit', interrupt: 'ctrl-c' },
  },
];

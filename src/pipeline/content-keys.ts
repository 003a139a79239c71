/**
 * What people wrote, what the model answered, what tools read and did: the attributes that the facts of each
 * CLI list under privacy (facts/codex.md §10, gemini.md §9, claude.md §9).
 */
export const nativeContentKeys: readonly string[] = [
  // prompts, answers and instructions
  'prompt',
  'prompt_text',
  'content',
  'user_prompt',
  'response',
  'response_text',
  'request_text',
  'body',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
  'gen_ai.tool.description',
  'reasoning',
  // made up by the model for a task (Codex)
  'agent_name',
  'routing.reasoning',
  // tools
  'arguments',
  'output',
  'function_args',
  'metadata',
  'tool_input',
  'tool_parameters',
  'full_command',
  'bash_command',
  'diff',
  'file_path',
  // raw errors, which quote requests and paths
  'error',
  'error.message',
  'exception.message',
  'exception.stacktrace',
];

/** In which our own spans carry the same (attributes.md §2). */
const ownContentKeys = [
  'input.value',
  'output.value',
  'tool.parameters',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
];

const contentKeys: ReadonlySet<string> = new Set([...nativeContentKeys, ...ownContentKeys]);

/** Who the user is, and where: the person, the machine, the folder, the branch. */
export const identityKeys: readonly string[] = [
  'cwd',
  'host.name',
  'installation.id',
  'organization.id',
  'process.command',
  // the words of the command line, prompt included
  'process.command_args',
  // a full path too, in Gemini's default detectors
  'process.executable.name',
  'process.executable.path',
  'process.owner',
  'user.account_id',
  'user.account_uuid',
  'user.email',
  'user.id',
];

const identities: ReadonlySet<string> = new Set(identityKeys);

export function isContent(key: string): boolean {
  return contentKeys.has(key);
}

export function isIdentity(key: string): boolean {
  return identities.has(key) || key.startsWith('vcs.ref.head.');
}

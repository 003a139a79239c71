import { removeAttributes } from '../otlp/attributes.ts';
import { dataPointsOf } from '../otlp/data-points.ts';
import type { KeyValue, LogRecord, Metric, Span } from '../otlp/types.ts';

/**
 * What people wrote, what the model answered, what tools read and did, and who and where the user is: the
 * attributes that the facts of each CLI list under privacy (facts/codex.md §10, gemini.md §9, claude.md §9).
 * None of them leaves the machine.
 */
const contentKeys: ReadonlySet<string> = new Set([
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
  'routing.reasoning',
  // tools
  'arguments',
  'output',
  'function_args',
  'metadata',
  'tool_input',
  'tool_parameters',
  'full_command',
  'file_path',
  // raw errors, which quote requests and paths
  'error',
  'error.message',
  'exception.message',
  'exception.stacktrace',
  // the person and the machine
  'cwd',
  'host.name',
  'installation.id',
  'organization.id',
  'process.command',
  'process.command_args',
  // a full path too, in Gemini's default detectors
  'process.executable.name',
  'process.executable.path',
  'process.owner',
  'user.account_id',
  'user.account_uuid',
  'user.email',
  'user.id',
]);

function isContent(key: string): boolean {
  return contentKeys.has(key) || key.startsWith('vcs.ref.head.');
}

/** Removes content in place from a list of attributes; the same for the functions below. */
export function cleanAttributes(attributes: KeyValue[] | undefined): void {
  if (attributes) removeAttributes(attributes, isContent);
}

export function cleanLog(record: LogRecord): void {
  const { attributes, body } = record;
  cleanAttributes(attributes);
  // Gemini writes the whole answer of the API behind the word "Error:" (facts/gemini.md §5).
  if (body?.stringValue !== undefined) body.stringValue = body.stringValue.replace(/ Error: .*$/s, '');
  // No CLI sends a body of parts today; should one begin to, nobody has looked at what is in it.
  else delete record.body;
}

export function cleanSpan({ attributes, events, links, status }: Span): void {
  cleanAttributes(attributes);
  for (const part of [...events, ...links]) cleanAttributes(part.attributes);
  if (status) delete status.message;
}

export function cleanMetric(metric: Metric): void {
  for (const point of dataPointsOf(metric)) {
    cleanAttributes(point.attributes);
    if ('exemplars' in point)
      for (const { filteredAttributes } of point.exemplars) cleanAttributes(filteredAttributes);
  }
}

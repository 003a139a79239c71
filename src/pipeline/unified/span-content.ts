import { setAttribute } from '../../otlp/attributes.ts';
import type { KeyValue } from '../../otlp/types.ts';
import type { SpanSubject } from '../../session/spans/span.ts';

/**
 * What was said and done, as far as the CLI tells it, in the names of the GenAI conventions and of OpenInference
 * (facts/attributes.md §2). For sessions whose content may leave the machine only.
 */
export function setContent(attributes: KeyValue[], subject: SpanSubject): void {
  switch (subject.kind) {
    case 'turn': {
      const answer = subject.calls.findLast(({ role, output }) => role === 'main' && output !== undefined);
      setInput(attributes, subject.turn.prompt.text);
      setOutput(attributes, answer?.output);
      break;
    }
    case 'llm_call': {
      const { input, output } = subject.call;
      setInput(attributes, input);
      setOutput(attributes, output);
      if (input !== undefined) setAttribute(attributes, 'gen_ai.input.messages', message('user', input));
      if (output !== undefined)
        setAttribute(attributes, 'gen_ai.output.messages', message('assistant', output));
      break;
    }
    case 'tool_call': {
      const { arguments: given, result } = subject.tool;
      setInput(attributes, given);
      setOutput(attributes, result);
      if (given !== undefined) {
        setAttribute(attributes, 'gen_ai.tool.call.arguments', given);
        setAttribute(attributes, 'tool.parameters', given);
      }
      if (result !== undefined) setAttribute(attributes, 'gen_ai.tool.call.result', result);
      break;
    }
  }
}

/** One message of text in the JSON form of the GenAI conventions (gen-ai-input-messages.json). */
function message(role: 'user' | 'assistant', content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

function setInput(attributes: KeyValue[], value: string | undefined): void {
  if (value === undefined) return;
  setAttribute(attributes, 'input.value', value);
  setAttribute(attributes, 'input.mime_type', mimeTypeOf(value));
}

function setOutput(attributes: KeyValue[], value: string | undefined): void {
  if (value === undefined) return;
  setAttribute(attributes, 'output.value', value);
  setAttribute(attributes, 'output.mime_type', mimeTypeOf(value));
}

function mimeTypeOf(value: string): string {
  return /^\s*[[{]/.test(value) ? 'application/json' : 'text/plain';
}

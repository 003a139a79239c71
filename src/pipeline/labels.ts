import { removeAttributes, text } from '../otlp/attributes.ts';
import type { KeyValue } from '../otlp/types.ts';
import { cleanAttributes } from './content.ts';

/**
 * Attributes with a value of their own per session, turn or measurement (recorded in test/fixtures/captures).
 * As labels each value would be a new series; logs and spans carry the ids.
 */
const identities: ReadonlySet<string> = new Set([
  'session.id',
  'conversation.id',
  'gen_ai.conversation.id',
  'thread.id',
  'turn.id',
  'prompt.id',
  'prompt_id',
  // the resource tells it as service.instance.id
  'ai_trace.run.id',
  // Gemini puts these readings on its start-up times and file operations
  'cpu_usage_user',
  'cpu_usage_system',
  'lines',
]);

/** Codex names a sub-agent's source by the thread that spawned it: `subagent_thread_spawn_<uuid>_d1`. */
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Leaves in place what can be labels of a metric's point: no content, no identities. */
export function reduceToLabels(attributes: KeyValue[]): void {
  cleanAttributes(attributes);
  const source = text(attributes, 'session_source') ?? '';
  removeAttributes(
    attributes,
    (key) => identities.has(key) || (key === 'session_source' && uuid.test(source)),
  );
}

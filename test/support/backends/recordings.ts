import { fileURLToPath } from 'node:url';
import { text } from '../../../src/otlp/attributes.ts';
import type { CollectedRequest } from '../collector.ts';
import type { logsIn, spansIn } from './telemetry.ts';

const captures = fileURLToPath(new URL('../../fixtures/captures/', import.meta.url));

/** One recording of each CLI with its session, by service name. Three answers and one refusal. */
export const recordings = {
  codex: { dir: `${captures}codex/exec-tool`, sessionId: '01a1fbb9-04d4-75b0-aec2-e957a30c8b66' },
  'gemini-cli': {
    dir: `${captures}gemini/headless-plain`,
    sessionId: '9af1052e-a86f-46ae-b085-474328c4f450',
  },
  'claude-code': {
    dir: `${captures}claude/print-403-fails`,
    sessionId: '03a1ecd1-7e63-4ad7-8ae4-c98c0096d849',
  },
} as const;

/** LLM calls in them, by service name. */
export const llmSpans = { codex: 2, 'gemini-cli': 2, 'claude-code': 1 };

/** Sessions of one service among what a store was sent. */
export function sessionsOf(
  requests: readonly Pick<CollectedRequest, 'signal' | 'request'>[],
  read: typeof spansIn | typeof logsIn,
  serviceName: string,
) {
  return read(requests)
    .filter(({ resource }) => text(resource, 'service.name') === serviceName)
    .map(({ attributes }) => text(attributes, 'session.id'));
}

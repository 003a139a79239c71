/** What each CLI's own spans are forwarded with, where they are asked for. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { text } from '../../src/otlp/attributes.ts';
import { providers } from '../../src/providers/index.ts';
import { replay } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));

describe.each(Object.entries(providers))('%s', (id, provider) => {
  test.each(readdirSync(`${captures}/${id}`))('%s', async (scenario) => {
    const { sent, session } = await replay(provider, `${captures}/${id}/${scenario}`);
    const spans = sent
      .flatMap(({ request }) => ('resourceSpans' in request ? request.resourceSpans : []))
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans));
    const kinds = spans.map(({ attributes }) => text(attributes, 'openinference.span.kind'));
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    const tools = [...session.tools.values()].filter(({ rejected, finished }) => finished && !rejected);
    expect(spans.every(({ attributes }) => text(attributes, 'session.id') !== undefined)).toBe(true);
    // Attempts have spans too, and a CLI that is stopped may not send its last ones.
    expect(count('LLM')).toBeGreaterThanOrEqual(session.llmCalls.size - session.errors.size);
    expect(count('TOOL')).toBeGreaterThanOrEqual(tools.length);
  });
});

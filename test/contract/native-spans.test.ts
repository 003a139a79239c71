/** What each CLI's own spans are forwarded with, where they are asked for. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { text } from '../../src/otlp/attributes.ts';
import { providers } from '../../src/providers/index.ts';
import { readRecording, replay, replayRequests } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));

describe.each(Object.entries(providers))('%s', (id, provider) => {
  const scenarios = readdirSync(`${captures}/${id}`);

  test.each(scenarios)('%s: where they are not asked for, the session is the same', async (scenario) => {
    const recording = readRecording(`${captures}/${id}/${scenario}`);
    const all = await replayRequests(provider, recording);
    const without = await replayRequests(provider, recording, 'none', { keepsSpans: false });
    expect(without.events).toEqual(all.events);
    expect(without.understanding.received).toEqual(all.understanding.received);
    expect(without.sent.some(({ request }) => 'resourceSpans' in request)).toBe(false);
  });

  test.each(scenarios)('%s', async (scenario) => {
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

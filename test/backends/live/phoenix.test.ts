/** What a real Arize Phoenix recognises in one live session of each CLI. */
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { text } from '../../../src/otlp/attributes.ts';
import { type LiveSession, liveSession } from '../../support/backends/live.ts';
import { type PhoenixSpan, phoenixSessions, phoenixSpans } from '../../support/backends/phoenix.ts';
import { cliCases } from '../../support/cli-cases.ts';

const patience = { timeout: 20_000, interval: 200 };

const phoenix = inject('live')?.phoenix ?? null;

describe.skipIf(phoenix === null)('Phoenix', () => {
  describe.each(cliCases)('of $name', ({ name }) => {
    let session: LiveSession;
    let spans: PhoenixSpan[];
    beforeAll(async () => {
      session = await liveSession(name);
      // It takes spans first and stores them then.
      await vi.waitFor(async () => {
        const all = await phoenixSpans(phoenix ?? '');
        spans = all.filter(({ attributes }) => attributes['session.id'] === session.sessionId);
        expect(spans).toHaveLength(session.spans.length);
      }, patience);
    }, 2 * patience.timeout);

    test('has all spans, and knows their kinds', () => {
      expect(spans.map(({ context, span_kind }) => [context.span_id, span_kind]).sort()).toEqual(
        session.spans
          .map(({ spanId, attributes }) => [spanId, text(attributes, 'openinference.span.kind')])
          .sort(),
      );
      for (const { span_kind } of spans) expect(['AGENT', 'CHAIN', 'LLM', 'TOOL']).toContain(span_kind);
    });

    test('has the session with the tokens of the receipt', async () => {
      const { usage, trace_ids } = session.receipt;
      const sessions = await phoenixSessions(phoenix ?? '');
      const [own, ...others] = sessions.filter(({ session_id }) => session_id === session.sessionId);
      expect(others).toEqual([]);
      expect(own).toMatchObject({
        token_count_prompt: usage.input_tokens,
        token_count_completion: usage.output_tokens,
      });
      expect(own?.traces.map(({ trace_id }) => trace_id).sort()).toEqual(trace_ids.toSorted());
    });

    test('has the errors', () => {
      const failed = spans
        .filter(({ status_code }) => status_code === 'ERROR')
        .map(({ span_kind }) => span_kind);
      expect(failed.filter((kind) => kind === 'LLM')).toHaveLength(session.receipt.errors.total);
      expect(failed.filter((kind) => kind === 'TOOL')).toHaveLength(1);
    });
  });
});

/** The log records of one live session of each CLI, as a real collector wrote them and as a real Loki finds them. */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { num, text } from '../../../src/otlp/attributes.ts';
import { type LiveSession, liveSession } from '../../support/backends/live.ts';
import { countLogs, findLogs } from '../../support/backends/loki.ts';
import type { SeenLog } from '../../support/backends/telemetry.ts';
import { cliCases } from '../../support/cli-cases.ts';

const live = inject('live');
const loki = live?.loki ?? null;

const summary = 'ai_trace.session.summary';

describe.skipIf(live === null)('the log records that a collector has', () => {
  describe.each(cliCases)('of $name', ({ name }) => {
    let session: LiveSession;
    beforeAll(async () => {
      session = await liveSession(name);
    });

    test('name their session and how bad they are', () => {
      const { logs, sessionId } = session;
      expect(logs.length).toBeGreaterThan(0);
      expect(new Set(logs.map(({ attributes }) => text(attributes, 'session.id')))).toEqual(
        new Set([sessionId]),
      );
      for (const { severityNumber } of logs) expect(severityNumber).toBeGreaterThan(0);
    });

    test('are named alike', () => {
      const { receipt } = session;
      expect(eventsOf('user_prompt')).toHaveLength(receipt.turns);
      expect(eventsOf('llm_call')).toHaveLength(receipt.llm_calls);
      expect(eventsOf('llm_error')).toHaveLength(receipt.errors.total);
      expect(eventsOf('tool_result')).toHaveLength(receipt.tool_calls);
    });

    test('lead to a span that is there', () => {
      const places = new Map(session.spans.map(({ spanId, traceId }) => [spanId, traceId]));
      for (const { traceId, spanId, attributes } of session.logs) {
        expect(places.get(spanId), text(attributes, 'event.name') ?? 'without a name').toBe(traceId);
      }
    });

    test('end with the figures of the receipt', () => {
      const { receipt, logs } = session;
      const [record, ...others] = logs.filter(({ eventName }) => eventName === summary);
      expect(others).toEqual([]);
      const figure = (key: string) => num(record?.attributes, `ai_trace.session.${key}`);
      expect(figure('cost_usd')).toBeCloseTo(receipt.cost.usd, 9);
      expect(figure('input_tokens')).toBe(receipt.usage.input_tokens);
      expect(figure('output_tokens')).toBe(receipt.usage.output_tokens);
      expect(figure('cache_read_tokens')).toBe(receipt.usage.cache_read_tokens);
      expect(figure('cache_write_tokens')).toBe(receipt.usage.cache_write_tokens);
    });

    test('carry money that adds up to the receipt', () => {
      const { cost } = session.receipt;
      const sum = eventsOf('llm_call').reduce(
        (usd, { attributes }) => usd + (num(attributes, 'gen_ai.usage.cost_usd') ?? 0),
        0,
      );
      expect(sum).toBeCloseTo(cost.usd, 9);
    });

    describe.skipIf(loki === null)('are in Loki,', () => {
      test('all of them, found by the session', async () => {
        const entries = await findLogs(loki ?? '', ofSession(session));
        expect(entries.map(({ labels }) => placeOf(labels['trace_id'], labels['span_id'])).sort()).toEqual(
          session.logs.map(({ traceId, spanId }) => placeOf(traceId, spanId)).sort(),
        );
        expect(entries.filter(({ labels }) => labels['event_name'] === summary)).toHaveLength(1);
      });

      test('with the money of the receipt', async () => {
        const calls = `${ofSession(session)} | ai_trace_event_name="llm_call"`;
        const sum = `sum(sum_over_time(${calls} | unwrap gen_ai_usage_cost_usd [1h]))`;
        expect(await countLogs(loki ?? '', sum)).toBeCloseTo(session.receipt.cost.usd, 9);
      });
    });

    function eventsOf(event: string): SeenLog[] {
      return session.logs.filter(({ attributes }) => text(attributes, 'ai_trace.event.name') === event);
    }
  });
});

/** Only the service is an index label; the session is in the structured metadata, where dots are underscores. */
function ofSession({ serviceName, sessionId }: LiveSession): string {
  return `{service_name="${serviceName}"} | session_id="${sessionId}"`;
}

function placeOf(traceId = '', spanId = ''): string {
  return `${traceId} ${spanId}`;
}

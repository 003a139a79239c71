/** The unified spans of one live session of each CLI, as a real collector wrote them. */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { num, text } from '../../../src/otlp/attributes.ts';
import { toNumber } from '../../../src/otlp/int64.ts';
import { providers } from '../../../src/providers/index.ts';
import { type LiveSession, liveSession } from '../../support/backends/live.ts';
import type { SeenSpan } from '../../support/backends/telemetry.ts';
import { cliCases } from '../../support/cli-cases.ts';

/** Claude Code repeats a refused request without a word. */
const tellsRetries = { codex: true, gemini: true, claude: false };

const error = 2;

describe.skipIf(inject('live') === null)('the spans that a collector has', () => {
  describe.each(cliCases)('of $name', ({ name }) => {
    let session: LiveSession;
    let spans: SeenSpan[];
    let roots: SeenSpan[];
    beforeAll(async () => {
      session = await liveSession(name);
      spans = session.spans;
      roots = spans.filter(({ parentId }) => parentId === '');
    });

    test('are few, and ours', () => {
      expect(spans.length).toBeLessThanOrEqual(15);
      expect(new Set(spans.map(({ scope }) => scope))).toEqual(new Set(['ai-trace']));
    });

    test('are one trace for the turn and one for the session', () => {
      const { receipt, serviceName } = session;
      expect(roots.map((span) => [kindOf(span), span.name]).sort()).toEqual([
        ['AGENT', `invoke_agent ${serviceName}`],
        ['CHAIN', `ai-trace ${name}`],
      ]);
      expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(2);
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set(receipt.trace_ids));
      const [turn, whole] = [rootOf('AGENT'), rootOf('CHAIN')];
      expect(whole?.links.map((link) => Buffer.from(link.spanId ?? []).toString('hex'))).toEqual([
        turn?.spanId,
      ]);
    });

    test('hang together', () => {
      const places = new Map(spans.map((span) => [span.spanId, span]));
      expect(places.size).toBe(spans.length);
      for (const span of spans) {
        expect(text(span.attributes, 'session.id')).toBe(session.sessionId);
        expect(beginOf(span)).toBeLessThanOrEqual(endOf(span));
        if (span.parentId === '') continue;
        const parent = places.get(span.parentId);
        expect(parent?.traceId, `parent of ${span.name}`).toBe(span.traceId);
        if (!parent) continue;
        expect(beginOf(parent)).toBeLessThanOrEqual(beginOf(span));
        expect(endOf(span)).toBeLessThanOrEqual(endOf(parent));
      }
    });

    test('are of the kinds that the receipt counts', () => {
      const { receipt } = session;
      const { length: failed } = ofKind('LLM').filter(isFailed);
      expect(ofKind('LLM').length - failed).toBe(receipt.llm_calls);
      expect(failed).toBe(receipt.errors.total);
      expect(ofKind('TOOL')).toHaveLength(receipt.tool_calls);
      expect(ofKind('AGENT')).toHaveLength(receipt.turns);
      expect(ofKind('CHAIN')).toHaveLength(1);
      expect(spans.filter((span) => kindOf(span) === undefined)).toEqual([]);
      for (const span of ofKind('LLM')) {
        expect(span.name).toBe(`chat ${text(span.attributes, 'gen_ai.request.model')}`);
        expect(text(span.attributes, 'gen_ai.operation.name')).toBe(providers[name].operationName);
      }
      for (const span of ofKind('TOOL')) {
        expect(span.name).toBe(`execute_tool ${text(span.attributes, 'gen_ai.tool.name')}`);
      }
    });

    test('carry tokens and money that add up to the receipt', () => {
      const { usage, cost } = session.receipt;
      expect(sumOf('gen_ai.usage.input_tokens')).toBe(usage.input_tokens);
      expect(sumOf('gen_ai.usage.output_tokens')).toBe(usage.output_tokens);
      expect(sumOf('gen_ai.usage.cache_read.input_tokens')).toBe(usage.cache_read_tokens);
      expect(sumOf('gen_ai.usage.cache_creation.input_tokens')).toBe(usage.cache_write_tokens);
      expect(sumOf('gen_ai.usage.reasoning.output_tokens')).toBe(usage.reasoning_tokens ?? 0);
      expect(sumOf('llm.token_count.prompt')).toBe(usage.input_tokens);
      expect(sumOf('llm.token_count.completion')).toBe(usage.output_tokens);
      expect(sumOf('llm.token_count.total')).toBe(usage.input_tokens + usage.output_tokens);
      expect(sumOf('llm.token_count.prompt_details.cache_read')).toBe(usage.cache_read_tokens);
      expect(cost.usd).toBeGreaterThan(0);
      for (const key of ['gen_ai.usage.cost_usd', 'gen_ai.usage.cost', 'llm.cost.total']) {
        expect(sumOf(key), key).toBeCloseTo(cost.usd, 9);
      }
    });

    test('tell of the attempt that was refused', () => {
      const failed = ofKind('LLM').filter(isFailed);
      expect(failed.map(({ attributes }) => text(attributes, 'error.type'))).toEqual(
        tellsRetries[name] ? ['rate_limit'] : [],
      );
      for (const { attributes } of failed) expect(num(attributes, 'http.response.status_code')).toBe(429);
    });

    test('tell of the tool that failed', () => {
      const failed = ofKind('TOOL').filter(isFailed);
      expect(failed).toHaveLength(1);
      expect(text(failed[0]?.attributes, 'error.type')).toEqual(expect.any(String));
    });

    function ofKind(kind: string): SeenSpan[] {
      return spans.filter((span) => kindOf(span) === kind);
    }

    function rootOf(kind: string): SeenSpan | undefined {
      return roots.find((span) => kindOf(span) === kind);
    }

    function sumOf(key: string): number {
      return spans.reduce((sum, { attributes }) => sum + (num(attributes, key) ?? 0), 0);
    }
  });
});

function kindOf({ attributes }: SeenSpan): string | undefined {
  return text(attributes, 'openinference.span.kind');
}

function isFailed({ status }: SeenSpan): boolean {
  return status?.code === error;
}

/** Unix ns, exact enough to compare. */
function beginOf({ startTimeUnixNano = 0 }: SeenSpan): number {
  return toNumber(startTimeUnixNano);
}

function endOf({ endTimeUnixNano = 0 }: SeenSpan): number {
  return toNumber(endTimeUnixNano);
}

import { num, text } from '../../src/otlp/attributes.ts';
import { hex } from '../../src/otlp/hex.ts';
import { msFromNanos } from '../../src/otlp/time.ts';
import type { KeyValue, Span } from '../../src/otlp/types.ts';
import type { Totals } from '../../src/session/totals.ts';
import { noUsage, type Usage } from '../../src/session/usage.ts';

/** A span of ours as a test reads it: ids in hex, times in Unix ms. */
export interface ReadSpan {
  traceId: string;
  spanId: string;
  /** `''` where there is none. */
  parentId: string;
  name: string;
  /** `openinference.span.kind`. */
  kind: string;
  startedAt: number;
  endedAt: number;
  errorType: string | null;
  /** `gen_ai.usage.cost_usd`. */
  usd: number | null;
  /** Has the CLI told of it only in its totals? */
  isCorrection: boolean;
  links: { traceId: string; spanId: string }[];
  attributes: readonly KeyValue[];
  span: Span;
}

export function readSpan(span: Span): ReadSpan {
  const { attributes } = span;
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentId: hex(span.parentSpanId),
    name: span.name ?? '',
    kind: text(attributes, 'openinference.span.kind') ?? '',
    startedAt: msFromNanos(span.startTimeUnixNano) ?? 0,
    endedAt: msFromNanos(span.endTimeUnixNano) ?? 0,
    errorType: text(attributes, 'error.type') ?? null,
    usd: num(attributes, 'gen_ai.usage.cost_usd') ?? null,
    isCorrection: attributes.some(({ key }) => key === 'ai_trace.call.unattributed'),
    links: span.links.map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) })),
    attributes,
    span,
  };
}

/** Answered calls, and what only the totals told of. */
export function answers(spans: readonly ReadSpan[]): ReadSpan[] {
  return spans.filter(({ kind, errorType }) => kind === 'LLM' && errorType === null);
}

/** What a query that sums up the LLM spans comes to, in the parts that every CLI reports. */
export function spentIn(spans: readonly ReadSpan[]): { usd: number; usage: Usage } {
  const sum = (key: string) => spans.reduce((all, { attributes }) => all + (num(attributes, key) ?? 0), 0);
  return {
    usd: sum('gen_ai.usage.cost_usd'),
    usage: {
      ...noUsage,
      inputTokens: sum('gen_ai.usage.input_tokens'),
      outputTokens: sum('gen_ai.usage.output_tokens'),
      cacheReadTokens: sum('gen_ai.usage.cache_read.input_tokens'),
      cacheWriteTokens: sum('gen_ai.usage.cache_creation.input_tokens'),
    },
  };
}

/** The same of the receipt. */
export function spentBy({ cost, usage }: Totals): { usd: number; usage: Usage } {
  return { usd: cost.usd, usage: { ...usage, cacheWrite1hTokens: null, reasoningTokens: null } };
}

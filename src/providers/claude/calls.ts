import { flag, num, text } from '../../otlp/attributes.ts';
import type { KeyValue, LogRecord, Span, SpanEvent } from '../../otlp/types.ts';
import type { LlmCallEvent, LlmErrorEvent, Origin, Role, UnixMs } from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';
import type { Usage } from '../../session/usage.ts';
import { errorType } from './errors.ts';
import { contentOf } from './origin.ts';

/**
 * LLM calls, answered or failed. A log and a span tell of each and are joined by its request id (facts/claude.md §6): the
 * log alone has the price, the span alone what the answer ended with.
 */
export class ClaudeCalls {
  /** How often a call without a request id was told, by source; its records are joined in order. */
  readonly #unnamed = new Map<string, number>();
  /** Traces in which the model answered or failed a person. */
  readonly #answered = new Set<string>();
  /** Texts of answers whose span has not come. */
  readonly #texts = new Map<string, string>();
  /** Spans whose answer's text has not come, by call. */
  readonly #spans = new Map<string, LlmCallEvent>();

  /** Did the model answer the person in this trace, or fail to? A title or a classifier's verdict is no answer. */
  isAnswered(traceId: string): boolean {
    return this.#answered.has(traceId);
  }

  answerLog({ attributes }: LogRecord, origin: Origin, endedAt: UnixMs): LlmCallEvent {
    return this.#answer(attributes, origin, endedAt, 'log');
  }

  failureLog({ attributes }: LogRecord, origin: Origin, at: UnixMs): LlmErrorEvent {
    return this.#failure(attributes, origin, at, 'log');
  }

  span(
    { attributes, events }: Span,
    origin: Origin,
    { startedAt, endedAt }: Interval,
  ): LlmCallEvent | LlmErrorEvent {
    // Its own `duration_ms` is the same in whole ms.
    const exact = { durationMs: endedAt - startedAt, ...hiddenRetries(attributes, events) };
    if (!flag(attributes, 'success'))
      return { ...this.#failure(attributes, origin, endedAt, 'span'), ...exact };
    const call = { ...this.#answer(attributes, origin, endedAt, 'span'), ...exact };
    const output = this.#texts.get(call.callId);
    this.#texts.delete(call.callId);
    if (output === undefined) this.#spans.set(call.callId, call);
    return { ...call, ...(output !== undefined && { output }) };
  }

  /** The text of an answer: what it adds to a call whose span has come, or waits for that. */
  text({ attributes }: LogRecord): LlmCallEvent[] {
    const callId = text(attributes, 'request_id');
    const output = contentOf(attributes, 'response');
    if (callId === undefined) return [];
    const call = this.#spans.get(callId);
    this.#spans.delete(callId);
    if (output === undefined) return [];
    if (call) return [{ ...call, output }];
    this.#texts.set(callId, output);
    return [];
  }

  #answer(attributes: KeyValue[], origin: Origin, endedAt: UnixMs, source: Source): LlmCallEvent {
    this.#markAnswered(attributes, origin);
    const model = text(attributes, 'model') ?? 'unknown';
    const responseId = text(attributes, 'request_id');
    const reportedUsd = num(attributes, 'cost_usd');
    const durationMs = num(attributes, 'duration_ms');
    const timeToFirstChunkMs = num(attributes, 'ttft_ms');
    const speed = text(attributes, 'speed');
    const reasoningLevel = text(attributes, 'effort');
    const finishReason = text(attributes, 'stop_reason');
    return {
      kind: 'llm_call',
      ...origin,
      callId:
        responseId ??
        this.#unnamedId(source, `${origin.traceId}|${model}|${text(attributes, 'output_tokens')}`),
      role: roleOf(attributes),
      model,
      usage: usageOf(attributes),
      endedAt,
      ...(durationMs !== undefined && { durationMs }),
      ...(timeToFirstChunkMs !== undefined && { timeToFirstChunkMs }),
      ...(reportedUsd !== undefined && { reportedUsd }),
      ...(responseId && { responseId }),
      ...(speed && speed !== 'normal' && { tier: speed }),
      ...(reasoningLevel && { reasoningLevel }),
      ...(finishReason && { finishReason }),
      ...hiddenRetries(attributes),
    };
  }

  #failure(attributes: KeyValue[], origin: Origin, at: UnixMs, source: Source): LlmErrorEvent {
    this.#markAnswered(attributes, origin);
    const statusCode = num(attributes, 'status_code');
    const durationMs = num(attributes, 'duration_ms');
    const attempt = num(attributes, 'attempt');
    const model = text(attributes, 'model');
    const message = text(attributes, 'error') ?? '';
    return {
      kind: 'llm_error',
      ...origin,
      errorId: text(attributes, 'request_id') ?? this.#unnamedId(source, `${origin.traceId}|error`),
      type: errorType(text(attributes, 'error_class'), statusCode, message),
      message,
      at,
      role: roleOf(attributes),
      ...(model && { model }),
      ...(statusCode !== undefined && { statusCode }),
      ...(durationMs !== undefined && { durationMs }),
      ...(attempt !== undefined && { attempt }),
      ...hiddenRetries(attributes),
    };
  }

  #markAnswered(attributes: KeyValue[], { traceId }: Origin): void {
    if (traceId && roleOf(attributes) !== 'utility') this.#answered.add(traceId);
  }

  #unnamedId(source: Source, what: string): string {
    const key = `${source}|${what}`;
    const nth = (this.#unnamed.get(key) ?? 0) + 1;
    this.#unnamed.set(key, nth);
    return `${what}#${nth}`;
  }
}

type Source = 'log' | 'span';

/** The attempts before the one that is told leave no record (facts/claude.md §8). */
function hiddenRetries(
  attributes: KeyValue[],
  events: readonly SpanEvent[] = [],
): { hiddenRetries?: number } {
  // A request that is sent again with other options counts as attempt 1 again, but has its event.
  const told = events.filter(({ name }) => name === 'gen_ai.request.attempt').length;
  const attempts = Math.max(num(attributes, 'attempt') ?? 1, told);
  return attempts > 1 ? { hiddenRetries: attempts - 1 } : {};
}

/** `input_tokens` is what was neither read from nor written to the cache (facts/claude.md §7). */
function usageOf(attributes: KeyValue[]): Usage {
  const read = num(attributes, 'cache_read_tokens') ?? 0;
  const written = num(attributes, 'cache_creation_tokens') ?? 0;
  return {
    inputTokens: (num(attributes, 'input_tokens') ?? 0) + read + written,
    outputTokens: num(attributes, 'output_tokens') ?? 0,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    cacheWrite1hTokens: num(attributes, 'cache_creation_1h_tokens') ?? null,
    reasoningTokens: null,
  };
}

/** Logs name the source of a query `query_source`, spans `query_source_safe` with dots for colons (facts/claude.md §6). */
function roleOf(attributes: KeyValue[]): Role {
  const source = text(attributes, 'query_source') ?? text(attributes, 'query_source_safe') ?? 'sdk';
  if (source === 'sdk' || source.startsWith('repl_main_thread')) return 'main';
  return source.startsWith('agent') ? 'subagent' : 'utility';
}

import { num, text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { KeyValue, LogRecord, Span } from '../../otlp/types.ts';
import type { AgentEvent, Origin, Role, UnixMs } from '../../session/event.ts';
import { errorType, messageIn } from './errors.ts';
import { count, intervalOf, lastText, timeOf } from './records.ts';

/** A request without an answer yet. */
interface Request {
  origin: Origin;
  /** The span of the call, by which its records are joined. */
  spanId: string;
  model: string;
  role: Role;
  at: UnixMs;
  input?: string;
}

/**
 * LLM calls: a request, then an answer or an error with the same prompt and role, in order [6.1]; a span for
 * each attempt.
 */
export class Calls {
  readonly #requests = new Map<string, Request[]>();
  /** Failed attempts since the last answer, by the same key. */
  readonly #attempts = new Map<string, number>();
  /** The last answer to each prompt, which is what asks for tools. */
  readonly #answers = new Map<string, string>();
  /** Spans of calls that were stopped before their request was logged, as far as has arrived. */
  readonly #stopped = new Set<string>();
  /** Spans whose logs have not arrived, with their end. */
  readonly #owed = new Map<string, UnixMs>();
  /** Calls whose end was logged and whose span has not arrived. */
  readonly #ended = new Set<string>();

  /** Has a call been told by its span whose logs are still on their way? */
  get owesLogs(): boolean {
    return this.#owed.size > 0;
  }

  /** Logs arrive in order: none of an earlier time is still on its way. */
  logArrived(at: UnixMs): void {
    for (const [spanId, endedAt] of this.#owed) if (endedAt + slackMs < at) this.#owed.delete(spanId);
  }

  requested(record: LogRecord, origin: Origin): void {
    const { attributes } = record;
    const spanId = hex(record.spanId);
    if (this.#stopped.delete(spanId)) {
      this.#owed.delete(spanId);
      return;
    }
    const input = text(attributes, 'request_text');
    this.#pending(attributes).push({
      origin,
      spanId: spanId || `${origin.sessionId}|${timeOf(record)}`,
      model: text(attributes, 'model') ?? 'unknown',
      role: roleOf(text(attributes, 'role')),
      at: timeOf(record),
      ...(input && { input }),
    });
  }

  answered(record: LogRecord, origin: Origin): AgentEvent {
    const { attributes } = record;
    const request = this.#take(record);
    const responseModel = text(attributes, 'model');
    const thoughts = count(attributes, 'thoughts_token_count');
    const traceId = origin.traceId ?? request?.origin.traceId;
    const durationMs = num(attributes, 'duration_ms');
    const finishReason = lastText(attributes, 'finish_reasons');
    const output = text(attributes, 'response_text');
    const at = timeOf(record);
    const role = roleOf(text(attributes, 'role'));
    // No id of its own; two answers alike in all of this are one that was told twice.
    const callId = ['prompt_id', 'role', 'duration_ms', 'total_token_count']
      .map((key) => text(attributes, key) ?? num(attributes, key))
      .concat(at)
      .join('|');
    this.#attempts.delete(keyOf(attributes));
    if (role !== 'utility') this.#answers.set(promptOf(attributes), callId);
    return {
      kind: 'llm_call',
      ...origin,
      ...(traceId && { traceId }),
      callId,
      role,
      model: request?.model ?? responseModel ?? 'unknown',
      ...(responseModel && { responseModel }),
      endedAt: at,
      ...(durationMs !== undefined && { durationMs }),
      ...(finishReason && { finishReason }),
      ...(request?.input && { input: request.input }),
      ...(output && { output }),
      // Tool-use prompt tokens and thoughts are in neither input nor output here [7].
      usage: {
        inputTokens: count(attributes, 'input_token_count') + count(attributes, 'tool_token_count'),
        outputTokens: count(attributes, 'output_token_count') + thoughts,
        cacheReadTokens: count(attributes, 'cached_content_token_count'),
        cacheWriteTokens: 0,
        cacheWrite1hTokens: null,
        reasoningTokens: thoughts,
      },
    };
  }

  failed(record: LogRecord, origin: Origin): AgentEvent {
    const { attributes } = record;
    const request = this.#take(record);
    const attempt = (this.#attempts.get(keyOf(attributes)) ?? 0) + 1;
    this.#attempts.set(keyOf(attributes), attempt);
    const statusCode = num(attributes, 'status_code');
    const raw = text(attributes, 'error.message') ?? text(attributes, 'error') ?? '';
    const durationMs = num(attributes, 'duration_ms');
    const model = text(attributes, 'model');
    return {
      kind: 'llm_error',
      ...origin,
      errorId: hex(record.spanId) || (request?.spanId ?? `${origin.sessionId}|${timeOf(record)}`),
      type: errorType(statusCode, raw, durationMs ?? 0),
      message: messageIn(raw),
      at: timeOf(record),
      role: roleOf(text(attributes, 'role')),
      attempt,
      ...(model && { model }),
      ...(statusCode !== undefined && { statusCode }),
      ...(durationMs !== undefined && { durationMs }),
    };
  }

  /** @param origin of the span; its prompt is `gen_ai.prompt.name` */
  span(span: Span, origin: Origin): AgentEvent[] {
    const spanId = hex(span.spanId);
    const time = intervalOf(span);
    if (time === undefined || this.#ended.delete(spanId)) return [];
    if (!isAbort(span)) {
      this.#owed.set(spanId, time.endedAt);
      return [];
    }
    const request = this.#withdraw(spanId);
    if (request === undefined) {
      this.#stopped.add(spanId);
      this.#owed.set(spanId, time.endedAt);
    }
    const model = text(span.attributes, 'gen_ai.request.model');
    return [
      {
        kind: 'llm_error',
        ...origin,
        errorId: spanId,
        type: 'cancelled',
        message: '',
        at: time.endedAt,
        durationMs: time.endedAt - time.startedAt,
        role: request?.role ?? (origin.agentId === undefined ? 'main' : 'subagent'),
        ...(model && { model }),
      },
    ];
  }

  /** `callId` of the answer that asked for what a record tells of: the last one to the same prompt. */
  askerOf({ attributes }: LogRecord): { askedBy?: string } {
    const askedBy = this.#answers.get(promptOf(attributes));
    return askedBy === undefined ? {} : { askedBy };
  }

  finish(): AgentEvent[] {
    // Asked for the person and never answered, not even by an error: it was stopped.
    return [...this.#requests.values()].flat().flatMap(({ origin, spanId, role, model, at }) => {
      if (role === 'utility') return [];
      const stopped = { type: 'cancelled', message: '', errorId: spanId, at, role, model } as const;
      return [{ kind: 'llm_error', ...origin, ...stopped }] satisfies AgentEvent[];
    });
  }

  #pending(attributes: KeyValue[]): Request[] {
    const key = keyOf(attributes);
    const pending = this.#requests.get(key) ?? [];
    this.#requests.set(key, pending);
    return pending;
  }

  /**
   * The request that a record ends: that of its own span; a streamed answer has none of its own [6.3], and is of
   * the first.
   */
  #take(record: LogRecord): Request | undefined {
    const pending = this.#pending(record.attributes);
    const own = pending.findIndex(({ spanId }) => spanId === hex(record.spanId));
    const [request] = pending.splice(Math.max(0, own), 1);
    if (request && !this.#owed.delete(request.spanId)) this.#ended.add(request.spanId);
    return request;
  }

  /** Takes back a request that nothing will be told of any more. */
  #withdraw(spanId: string): Request | undefined {
    for (const pending of this.#requests.values()) {
      const index = pending.findIndex((request) => request.spanId === spanId);
      if (index !== -1) return pending.splice(index, 1)[0];
    }
    return undefined;
  }
}

/** A span's end is up to this much later than the log of the same call, ms. */
const slackMs = 100;

/** A call the user stopped has no log of its end; its span has the exception of an abort (DOMException code 20). */
function isAbort(span: Span): boolean {
  return span.events.some(({ name, attributes }) => {
    const type = text(attributes, 'exception.type');
    return name === 'exception' && (type === '20' || type === 'AbortError');
  });
}

/** [6.2] */
function roleOf(role: string | undefined): Role {
  if (role?.startsWith('utility')) return 'utility';
  return role === 'subagent' ? 'subagent' : 'main';
}

function keyOf(attributes: KeyValue[]): string {
  return ['session.id', 'prompt_id', 'role'].map((name) => text(attributes, name)).join('|');
}

function promptOf(attributes: KeyValue[]): string {
  return ['session.id', 'prompt_id'].map((name) => text(attributes, name)).join('|');
}

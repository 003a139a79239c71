import { flag, num, text } from '../../otlp/attributes.ts';
import type { LogRecord } from '../../otlp/types.ts';
import type {
  AgentEvent,
  ErrorType,
  LlmCallEvent,
  LlmErrorEvent,
  Origin,
  Role,
  UnixMs,
} from '../../session/event.ts';
import type { Interval } from '../../session/interval.ts';
import { statusErrorType, streamErrorType } from './errors.ts';
import { content, isWithin, timeOf } from './records.ts';

/** Where a record is from. */
export interface Source {
  origin: Origin;
  role: Role;
}

/** A request that the server took and that has neither an answer nor an error yet. */
interface Request extends Source {
  id: string;
  model: string | undefined;
  startedAt: UnixMs;
  /** Until the server took it; a WebSocket takes it at once [5]. ms */
  takenMs: number;
  isForPrompt: boolean;
  output?: string;
}

/** Answers of which something more may be told: a summary is made of one call or a few, and told of at once when it is there. */
const remembered = 50;

/**
 * The LLM calls of one conversation, which are made one after the other. No id joins the records of a call: a request, then
 * its answer or its error, and before them the attempts that failed [5, 8].
 */
export class ConversationCalls {
  #isPrompted = false;
  #request: Request | undefined;
  /** The last ones. */
  readonly #answered: LlmCallEvent[] = [];
  /** The last failed attempt, while no new request has followed: its error is told again [8]. */
  #failure: { errorId: string; type: ErrorType } | undefined;
  /** Failed attempts at the call that is under way. */
  #failures = 0;
  #lastAt: UnixMs = 0;
  readonly #turns: Interval[] = [];
  readonly #compactions: Interval[] = [];
  /** A call whose answer was told after its tokens. */
  #unsaid: LlmCallEvent | undefined;

  /** Any record of this conversation. */
  seen(record: LogRecord): void {
    this.#lastAt = Math.max(this.#lastAt, timeOf(record));
  }

  prompted(): void {
    this.#isPrompted = true;
    this.#failures = 0;
  }

  turnEnded(turn: Interval): void {
    this.#turns.push(turn);
  }

  /** What was asked for the person and has no outcome when the next prompt or the end comes was stopped [8]. */
  cancelled(): AgentEvent[] {
    const request = this.#request;
    this.#request = undefined;
    if (request === undefined || !request.isForPrompt || request.role !== 'main') return [];
    const turn = this.#turns.find((each) => isWithin(request.startedAt, each));
    const at = turn?.endedAt ?? Math.max(this.#lastAt, request.startedAt + request.takenMs);
    return [
      {
        kind: 'llm_error',
        ...request.origin,
        errorId: request.id,
        type: 'cancelled',
        message: '',
        role: request.role,
        ...(request.model && { model: request.model }),
        at,
        durationMs: at - request.startedAt,
        attempt: this.#failures + 1,
      },
    ];
  }

  /** Over HTTP. */
  request(record: LogRecord, source: Source): AgentEvent[] {
    const { attributes } = record;
    if (text(attributes, 'endpoint') !== '/responses') return [];
    const statusCode = num(attributes, 'http.response.status_code');
    if (statusCode === undefined || statusCode >= 400) return [this.#refused(record, source, statusCode)];
    this.#taken(record, source);
    return [];
  }

  /** Over a WebSocket: its opening, and each request. */
  webSocket(record: LogRecord, source: Source): AgentEvent[] {
    const { attributes } = record;
    const statusCode = num(attributes, 'http.response.status_code');
    if (!flag(attributes, 'success')) {
      // 426: the server asks for plain HTTP, and Codex goes on there [8].
      return statusCode === 426 ? [] : [this.#refused(record, source, statusCode)];
    }
    this.#failure = undefined;
    if (text(attributes, 'event.name') === 'codex.websocket_request') this.#taken(record, source);
    return [];
  }

  /** One event of an answer that is streamed. */
  streamEvent(record: LogRecord, source: Source): AgentEvent[] {
    const { attributes } = record;
    const message = text(attributes, 'error.message');
    if (message !== undefined) return this.#broken(record, source, message);
    // The other record of the same event has a duration instead of tokens [5].
    const inputTokens = num(attributes, 'input_token_count');
    if (text(attributes, 'event.kind') !== 'response.completed' || inputTokens === undefined) return [];
    const call = this.#answer(record, source, inputTokens);
    this.#answered.push(call);
    if (this.#answered.length > remembered) this.#answered.shift();
    this.#request = undefined;
    this.#failure = undefined;
    this.#failures = 0;
    return [call];
  }

  /** The text of the last answer; it may be written down before its tokens or after. */
  response(record: LogRecord): void {
    const output = content(record.attributes, 'response');
    if (output === undefined) return;
    const call = this.#answered.at(-1);
    if (this.#request) this.#request.output = output;
    else if (call) this.#unsaid = { ...call, output };
  }

  /** The model was waited for; what it answered has been told by now. */
  sampled(time: Interval): AgentEvent[] {
    return this.#unsaid && isWithin(this.#unsaid.endedAt, time) ? this.unsaid() : [];
  }

  unsaid(): AgentEvent[] {
    const call = this.#unsaid;
    this.#unsaid = undefined;
    return call ? [call] : [];
  }

  /** What was asked for a summary was asked by Codex itself. */
  compacted(time: Interval): AgentEvent[] {
    this.#compactions.push(time);
    return this.#answered
      .filter((call) => isWithin(call.endedAt, time))
      .map((call) => ({ ...call, role: 'utility' }));
  }

  /** A request before any prompt is the warm-up of a WebSocket. */
  #taken(record: LogRecord, source: Source): void {
    const takenMs = num(record.attributes, 'duration_ms') ?? 0;
    this.#failure = undefined;
    this.#request = {
      ...source,
      id: idOf(record, source.origin),
      model: text(record.attributes, 'model'),
      startedAt: timeOf(record) - takenMs,
      takenMs,
      isForPrompt: this.#isPrompted,
    };
  }

  #answer(record: LogRecord, { origin, role }: Source, inputTokens: number): LlmCallEvent {
    const { attributes } = record;
    const request = this.#request;
    const endedAt = timeOf(record);
    const reasoningLevel = text(attributes, 'model_reasoning_effort');
    // Counted from when the server took the request.
    const firstMs = num(attributes, 'ttft_ms');
    const isSummary = this.#compactions.some((time) => isWithin(endedAt, time));
    return {
      kind: 'llm_call',
      ...request?.origin,
      ...origin,
      callId: idOf(record, origin),
      role: isSummary ? 'utility' : role,
      model: text(attributes, 'model') ?? text(attributes, 'slug') ?? 'unknown',
      endedAt,
      ...(request && { durationMs: endedAt - request.startedAt }),
      ...(request && firstMs !== undefined && { timeToFirstChunkMs: request.takenMs + firstMs }),
      ...(reasoningLevel && { reasoningLevel }),
      ...(request?.output && { output: request.output }),
      usage: {
        inputTokens,
        outputTokens: num(attributes, 'output_token_count') ?? 0,
        cacheReadTokens: num(attributes, 'cached_token_count') ?? 0,
        cacheWriteTokens: num(attributes, 'cache_write_token_count') ?? 0,
        cacheWrite1hTokens: null,
        reasoningTokens: num(attributes, 'reasoning_token_count') ?? 0,
      },
    };
  }

  #refused(record: LogRecord, source: Source, statusCode: number | undefined): LlmErrorEvent {
    const durationMs = num(record.attributes, 'duration_ms');
    return {
      ...this.#failed(record, source, statusErrorType(statusCode)),
      ...(statusCode !== undefined && { statusCode }),
      ...(durationMs !== undefined && { durationMs }),
    };
  }

  /** An answer that broke off, or the word about a request that was refused. */
  #broken(record: LogRecord, source: Source, message: string): LlmErrorEvent[] {
    const type = streamErrorType(message, text(record.attributes, 'event.kind'));
    const request = this.#request;
    if (this.#failure === undefined) {
      const durationMs = request && timeOf(record) - request.startedAt;
      const error = this.#failed(record, source, type);
      return [{ ...request?.origin, ...error, ...(durationMs !== undefined && { durationMs }) }];
    }
    if (this.#failure.type !== 'unknown') return [];
    const { errorId } = this.#failure;
    this.#failure = { errorId, type };
    return [errorOf(record, source, errorId, type)];
  }

  #failed(record: LogRecord, source: Source, type: ErrorType): LlmErrorEvent {
    const errorId = idOf(record, source.origin);
    this.#failure = { errorId, type };
    this.#request = undefined;
    this.#failures += 1;
    return { ...errorOf(record, source, errorId, type), attempt: this.#failures };
  }
}

function errorOf(record: LogRecord, source: Source, errorId: string, type: ErrorType): LlmErrorEvent {
  const { attributes } = record;
  const model = text(attributes, 'model');
  return {
    kind: 'llm_error',
    ...source.origin,
    errorId,
    type,
    message: text(attributes, 'error.message') ?? '',
    at: timeOf(record),
    role: source.role,
    ...(model && { model }),
  };
}

function idOf(record: LogRecord, { sessionId }: Origin): string {
  return `${sessionId}@${record.observedTimeUnixNano}`;
}

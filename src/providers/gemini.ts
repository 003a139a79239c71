import { flag, num, text } from '../otlp/attributes.ts';
import { hex } from '../otlp/hex.ts';
import { msFromNanos } from '../otlp/time.ts';
import type { KeyValue, LogRecord, Span } from '../otlp/types.ts';
import type { AgentEvent, Billing, Role } from '../session/event.ts';
import { geminiInjection } from './gemini-environment.ts';
import { errorType, messageIn } from './gemini-errors.ts';
import type { Mapped, Mapper, Provider } from './provider.ts';

/**
 * Google Gemini CLI. Facts: measured on 0.61.0; every rule below is from facts/gemini.md, section in
 * brackets.
 */
export const gemini: Provider = {
  id: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini',
  npmPackage: '@google/gemini-cli',
  serviceName: 'gemini-cli',
  vendor: 'google',
  genAiProvider: 'gcp.gemini',
  reportsReasoning: true,
  signalTree: true,
  // The user's OTEL_SERVICE_NAME replaces the service name; the scope stays.
  recognises: (serviceName, scopeName) => serviceName === 'gemini-cli' || scopeName === 'gemini-cli',
  sessionless: ['mcp', 'extensions', 'extension', 'skills', 'skill', 'hooks', 'hook', 'gemma'],
  inject: geminiInjection,
  createMapper: () => new GeminiMapper(),
};

/** A request without an answer yet. */
interface Request {
  sessionId: string;
  traceId?: string;
  turnKey?: string;
  /** The span of the call, by which its records are joined. */
  errorId: string;
  model: string;
  role: Role;
  at: number;
}

interface ToolLog {
  event: AgentEvent & { kind: 'tool_call' };
  /** Execution and approval wait together, ms. */
  totalMs: number;
  asked: boolean;
}

class GeminiMapper implements Mapper {
  /** Requests without an answer yet, by session, prompt and role: answers carry no request id [6.1]. */
  readonly #requests = new Map<string, Request[]>();
  /**
   * Tool logs and spans that wait for each other, by enclosing span and tool name: the log carries no call id
   * [6.3].
   */
  readonly #toolLogs = new Map<string, ToolLog[]>();
  readonly #toolSpans = new Map<string, Span[]>();
  /** Tool logs have no call id, and several may be alike to the millisecond. */
  #toolCalls = 0;

  resource(): AgentEvent[] {
    // service.version is the version of Node, and the CLI's own is in no field [5].
    return [];
  }

  log(record: LogRecord): Mapped {
    const { attributes } = record;
    const sessionId = text(attributes, 'session.id');
    if (sessionId === undefined) return { sessionId, events: [] };
    const name = text(attributes, 'event.name');
    switch (name) {
      case 'gemini_cli.config':
        return {
          sessionId,
          events: [{ kind: 'session', sessionId, helper: false }, this.#login(attributes)],
        };
      case 'gemini_cli.user_prompt':
        return {
          sessionId,
          events: [{ kind: 'prompt', author: 'person', ...origin(record, sessionId), at: timeOf(record) }],
        };
      case 'gemini_cli.api_request':
        this.#pending(attributes).push(requestOf(record, sessionId));
        return { sessionId, events: [] };
      case 'gemini_cli.api_response':
        return { sessionId, events: [this.#answered(record, sessionId)] };
      case 'gemini_cli.api_error':
        return { sessionId, events: [this.#failed(record, sessionId)] };
      case 'gemini_cli.chat.content_retry':
        return { sessionId, events: [emptyAnswer(record, sessionId)] };
      case 'gemini_cli.tool_call':
        return { sessionId, events: this.#toolCall(record, sessionId) };
      default:
        return { sessionId, events: [] };
    }
  }

  span(span: Span): Mapped {
    const sessionId = text(span.attributes, 'gen_ai.conversation.id');
    if (span.name === 'user_prompt') return { sessionId, events: turnEnd(span, sessionId) };
    if (span.name === 'llm_call') return { sessionId, events: aborted(span, sessionId) };
    if (span.name !== 'tool_call') return { sessionId, events: [] };
    const key = toolKey(hex(span.parentSpanId), text(span.attributes, 'gen_ai.tool.name'));
    const log = this.#toolLogs.get(key)?.shift();
    if (log) return { sessionId, events: joinTool(log, span) };
    append(this.#toolSpans, key, span);
    return { sessionId, events: [] };
  }

  metric(): Mapped {
    // Failed calls are counted twice and thoughts are left out: the logs tell everything better [5, 7].
    return { sessionId: undefined, events: [] };
  }

  finish(): AgentEvent[] {
    // Asked for the person and never answered, not even by an error: it was stopped.
    return [...this.#requests.values()].flat().flatMap(({ role, ...request }) => {
      if (role === 'utility') return [];
      return [{ kind: 'llm_error', type: 'cancelled', message: '', role, ...request }] satisfies AgentEvent[];
    });
  }

  #login(attributes: KeyValue[]): AgentEvent {
    return { kind: 'cli', billing: billingOf(text(attributes, 'auth_type')) };
  }

  #pending(attributes: KeyValue[]): Request[] {
    const key = ['session.id', 'prompt_id', 'role'].map((name) => text(attributes, name)).join('|');
    const pending = this.#requests.get(key) ?? [];
    this.#requests.set(key, pending);
    return pending;
  }

  #answered(record: LogRecord, sessionId: string): AgentEvent {
    const { attributes } = record;
    const request = this.#pending(attributes).shift();
    const responseModel = text(attributes, 'model');
    const thoughts = count(attributes, 'thoughts_token_count');
    const traceId = hex(record.traceId) || request?.traceId;
    const durationMs = num(attributes, 'duration_ms');
    const at = timeOf(record);
    return {
      kind: 'llm_call',
      ...origin(record, sessionId),
      ...(traceId && { traceId }),
      // No id of its own; two answers alike in all of this are one that was told twice.
      callId: ['prompt_id', 'role', 'duration_ms', 'total_token_count']
        .map((key) => text(attributes, key) ?? num(attributes, key))
        .concat(at)
        .join('|'),
      role: roleOf(text(attributes, 'role')),
      model: request?.model ?? responseModel ?? 'unknown',
      ...(responseModel && { responseModel }),
      endedAt: at,
      ...(durationMs !== undefined && { durationMs }),
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

  #failed(record: LogRecord, sessionId: string): AgentEvent {
    const { attributes } = record;
    const request = this.#pending(attributes).shift();
    const statusCode = num(attributes, 'status_code');
    const raw = text(attributes, 'error.message') ?? text(attributes, 'error') ?? '';
    const durationMs = num(attributes, 'duration_ms');
    const model = text(attributes, 'model');
    return {
      kind: 'llm_error',
      ...origin(record, sessionId),
      errorId: hex(record.spanId) || (request?.errorId ?? `${sessionId}|${timeOf(record)}`),
      type: errorType(statusCode, raw, durationMs ?? 0),
      message: messageIn(raw),
      at: timeOf(record),
      role: roleOf(text(attributes, 'role')),
      ...(model && { model }),
      ...(statusCode !== undefined && { statusCode }),
      ...(durationMs !== undefined && { durationMs }),
    };
  }

  #toolCall(record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    const name = text(attributes, 'function_name') ?? 'unknown';
    const decision = text(attributes, 'decision');
    const totalMs = num(attributes, 'duration_ms') ?? 0;
    const endedAt = timeOf(record);
    this.#toolCalls += 1;
    const base = { ...origin(record, sessionId), callId: `${name}#${this.#toolCalls}`, name };
    const asked = flag(attributes, 'interactive') === true;
    if (decision === 'reject') {
      // A rejected tool never ran: all of its time was the wait [6.3].
      const wait: AgentEvent = { kind: 'approval_wait', ...base, startedAt: endedAt - totalMs, endedAt };
      return [
        { kind: 'tool_decision', ...base, accepted: false, byPerson: asked, at: endedAt },
        ...(asked ? [wait] : []),
      ];
    }
    const success = flag(attributes, 'success');
    const event = {
      kind: 'tool_call',
      ...base,
      ...(success !== undefined && { success }),
      endedAt,
      durationMs: totalMs,
    } as const;
    const key = toolKey(hex(record.spanId), name);
    const span = this.#toolSpans.get(key)?.shift();
    if (span) return joinTool({ event, totalMs, asked }, span);
    append(this.#toolLogs, key, { event, totalMs, asked });
    return [event];
  }
}

/** A person takes longer than this to answer; below it the difference is the CLI's own bookkeeping. ms */
const shortestWait = 100;

/** The log's duration includes the approval wait, the span's is execution alone [5, 6.3]. */
function joinTool({ event, totalMs, asked }: ToolLog, span: Span): AgentEvent[] {
  const startedAt = msFromNanos(span.startTimeUnixNano) ?? event.endedAt;
  const endedAt = msFromNanos(span.endTimeUnixNano) ?? event.endedAt;
  const executed: AgentEvent = { ...event, durationMs: endedAt - startedAt, endedAt };
  const waited = totalMs - (endedAt - startedAt);
  if (!asked || waited < shortestWait) return [executed];
  const { sessionId, traceId } = event;
  return [
    executed,
    {
      kind: 'approval_wait',
      sessionId,
      ...(traceId && { traceId }),
      startedAt: startedAt - waited,
      endedAt: startedAt,
    },
  ];
}

function requestOf(record: LogRecord, sessionId: string): Request {
  const { attributes } = record;
  return {
    ...origin(record, sessionId),
    errorId: hex(record.spanId) || `${sessionId}|${timeOf(record)}`,
    model: text(attributes, 'model') ?? 'unknown',
    role: roleOf(text(attributes, 'role')),
    at: timeOf(record),
  };
}

/**
 * A call the user stopped has no log of its end; its span has the exception of an abort (DOMException code
 * 20).
 */
function aborted(span: Span, sessionId: string | undefined): AgentEvent[] {
  const isAbort = span.events.some(({ name, attributes }) => {
    const type = text(attributes, 'exception.type');
    return name === 'exception' && (type === '20' || type === 'AbortError');
  });
  const at = msFromNanos(span.endTimeUnixNano);
  if (!isAbort || sessionId === undefined || at === undefined) return [];
  const traceId = hex(span.traceId);
  const model = text(span.attributes, 'gen_ai.request.model');
  return [
    {
      kind: 'llm_error',
      sessionId,
      ...(traceId && { traceId }),
      errorId: hex(span.spanId),
      type: 'cancelled',
      message: '',
      at,
      role: 'main',
      ...(model && { model }),
    },
  ];
}

/** A turn, or a slash command [6.3]. */
function turnEnd(span: Span, sessionId: string | undefined): AgentEvent[] {
  const traceId = hex(span.traceId);
  const startedAt = msFromNanos(span.startTimeUnixNano);
  const endedAt = msFromNanos(span.endTimeUnixNano);
  if (sessionId === undefined || startedAt === undefined || endedAt === undefined) return [];
  return [{ kind: 'turn_end', sessionId, ...(traceId && { traceId }), startedAt, endedAt }];
}

function emptyAnswer(record: LogRecord, sessionId: string): AgentEvent {
  return {
    kind: 'llm_error',
    ...origin(record, sessionId),
    errorId: `${sessionId}|content_retry|${timeOf(record)}`,
    type: 'unknown',
    message: text(record.attributes, 'error_type') ?? 'empty answer',
    at: timeOf(record),
    role: 'main',
  };
}

function billingOf(authType: string | undefined): Billing {
  if (authType === 'gemini-api-key' || authType === 'vertex-ai') return 'api';
  return authType === 'oauth-personal' ? 'subscription' : 'unknown';
}

/** [6.2] */
function roleOf(role: string | undefined): Role {
  if (role?.startsWith('utility')) return 'utility';
  return role === 'subagent' ? 'subagent' : 'main';
}

function origin(record: LogRecord, sessionId: string) {
  const turnKey = text(record.attributes, 'prompt_id');
  const traceId = hex(record.traceId);
  return { sessionId, ...(turnKey && { turnKey }), ...(traceId && { traceId }) };
}

function timeOf(record: LogRecord): number {
  return msFromNanos(record.timeUnixNano) ?? msFromNanos(record.observedTimeUnixNano) ?? 0;
}

function count(attributes: KeyValue[], key: string): number {
  return num(attributes, key) ?? 0;
}

function toolKey(enclosingSpanId: string | undefined, name: string | undefined): string {
  return `${enclosingSpanId}|${name}`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

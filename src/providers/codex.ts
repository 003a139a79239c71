import { flag, num, text } from '../otlp/attributes.ts';
import { hex } from '../otlp/hex.ts';
import { msFromNanos } from '../otlp/time.ts';
import type { KeyValue, LogRecord, Resource, Span } from '../otlp/types.ts';
import type { AgentEvent, Billing, ErrorType, Role } from '../session/event.ts';
import { codexInjection } from './codex-config.ts';
import { statusErrorType, streamErrorType } from './codex-errors.ts';
import type { Mapped, Mapper, Provider } from './provider.ts';

/**
 * OpenAI Codex CLI. Facts: measured on 0.169.0; every rule below is from facts/codex.md, section in brackets.
 */
export const codex: Provider = {
  id: 'codex',
  title: 'Codex CLI',
  command: 'codex',
  npmPackage: '@openai/codex',
  serviceName: 'codex',
  vendor: 'openai',
  genAiProvider: 'openai',
  reportsReasoning: true,
  signalTree: false,
  recognises: (serviceName) => serviceNames.has(serviceName ?? ''),
  sessionless: [
    'login',
    'logout',
    'mcp',
    'plugin',
    'completion',
    'update',
    'doctor',
    'apply',
    'archive',
    'unarchive',
    'delete',
    'features',
    'help',
  ],
  inject: codexInjection,
  createMapper: () => new CodexMapper(),
};

/** By mode: headless, terminal, daemon [4]. */
const serviceNames: ReadonlySet<string> = new Set(['codex_exec', 'codex_cli_rs', 'codex-app-server']);

class CodexMapper implements Mapper {
  readonly #helpers = new Set<string>();
  /** Conversations of sub-agents. */
  readonly #agents = new Set<string>();
  /**
   * The last failed attempt in a conversation that no new request has followed: its error is told again [8].
   */
  readonly #failure = new Map<string, { errorId: string; type: ErrorType }>();
  /** Requests for a prompt whose answer has neither come nor failed, by conversation. */
  readonly #asked = new Map<string, LogRecord>();
  readonly #prompted = new Set<string>();
  readonly #denied = new Set<string>();
  /** Conversations with nested tool calls whose enclosing code-mode call has not ended [6.3]. */
  readonly #nested = new Set<string>();
  #described = false;

  resource(resource: Resource): AgentEvent[] {
    const version = text(resource.attributes, 'service.version');
    if (this.#described || !version) return [];
    this.#described = true;
    return [{ kind: 'cli', version }];
  }

  log(record: LogRecord): Mapped {
    const { attributes } = record;
    const sessionId = text(attributes, 'conversation.id') ?? text(attributes, 'sender_thread_id');
    const name = text(attributes, 'event.name');
    if (sessionId === undefined || name === undefined) return { sessionId, events: [] };
    return { sessionId, events: this.#events(name, record, sessionId) };
  }

  #events(name: string, record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    switch (name) {
      case 'codex.conversation_starts':
        return this.#started(attributes, sessionId);
      case 'codex.user_prompt':
        return this.#prompt(record, sessionId);
      case 'codex.api_request':
        return this.#request(record, sessionId);
      case 'codex.websocket_connect':
      case 'codex.websocket_request':
        return this.#websocket(record, sessionId);
      case 'codex.sse_event':
        return this.#streamEvent(record, sessionId);
      case 'codex.agent_communication':
        return this.#communication(attributes);
      case 'codex.tool_decision':
        return [
          {
            kind: 'tool_decision',
            ...origin(record, sessionId),
            callId: text(attributes, 'call_id') ?? '',
            name: text(attributes, 'tool_name') ?? 'unknown',
            accepted: text(attributes, 'decision')?.startsWith('approved') ?? false,
            byPerson: text(attributes, 'source') === 'User',
            at: timeOf(record),
          },
        ];
      case 'codex.sandbox_outcome':
        if (text(attributes, 'outcome') === 'denied') this.#denied.add(text(attributes, 'call_id') ?? '');
        return [];
      case 'codex.tool_result':
        return [this.#toolResult(record, sessionId)];
      case 'codex.turn_cost':
        return turnCost(record, sessionId);
      default:
        return [];
    }
  }

  span(span: Span): Mapped {
    const { attributes } = span;
    const sessionId = text(attributes, 'conversation.id') ?? threadId(attributes);
    const turnId = text(attributes, 'turn.id');
    const traceId = hex(span.traceId);
    if (sessionId === undefined) return { sessionId, events: [] };
    const startedAt = msFromNanos(span.startTimeUnixNano);
    const endedAt = msFromNanos(span.endTimeUnixNano);
    if (startedAt === undefined || endedAt === undefined) return { sessionId, events: [] };
    const base = { sessionId, ...(traceId && { traceId }), startedAt, endedAt };
    if (span.name === 'codex.sampling') return { sessionId, events: [{ kind: 'llm_time', ...base }] };
    if (span.name === 'session_task.turn' && turnId) {
      return { sessionId, events: [{ kind: 'turn_end', ...base, turnId }] };
    }
    return { sessionId, events: [] };
  }

  metric(): Mapped {
    // Metrics of the last turn may never be sent: the token records tell everything [6.6].
    return { sessionId: undefined, events: [] };
  }

  finish(): AgentEvent[] {
    return [...this.#asked.keys()].flatMap((sessionId) => this.#cancelled(sessionId));
  }

  #prompt(record: LogRecord, sessionId: string): AgentEvent[] {
    const before = this.#cancelled(sessionId);
    this.#prompted.add(sessionId);
    const author = this.#roleOf(sessionId) === 'main' ? 'person' : 'helper';
    return [...before, { kind: 'prompt', ...origin(record, sessionId), author, at: timeOf(record) }];
  }

  /**
   * What was asked for the person and has no outcome when the next prompt or the end comes was stopped [8].
   */
  #cancelled(sessionId: string): AgentEvent[] {
    const asked = this.#asked.get(sessionId);
    this.#asked.delete(sessionId);
    if (asked === undefined || this.#roleOf(sessionId) !== 'main') return [];
    const errorId = `${sessionId}@${asked.observedTimeUnixNano}`;
    const base = { ...origin(asked, sessionId), errorId, at: timeOf(asked) };
    return [{ kind: 'llm_error', ...base, type: 'cancelled', message: '', role: 'main' }];
  }

  /** A request that the server took. One before any prompt is the warm-up of a WebSocket. */
  #accepted(record: LogRecord, sessionId: string): AgentEvent[] {
    this.#failure.delete(sessionId);
    if (this.#prompted.has(sessionId)) this.#asked.set(sessionId, record);
    return [];
  }

  #started(attributes: KeyValue[], sessionId: string): AgentEvent[] {
    // A hidden thread that makes up a title [6.4].
    const helper =
      text(attributes, 'originator') === 'codex-tui' &&
      text(attributes, 'approval_policy') === 'on-request' &&
      text(attributes, 'sandbox_policy') === 'read-only' &&
      !(text(attributes, 'mcp_servers') ?? '').includes('codex_tui');
    if (helper) this.#helpers.add(sessionId);
    return [
      { kind: 'session', sessionId, helper: helper || this.#agents.has(sessionId) },
      { kind: 'cli', billing: billingOf(attributes) },
    ];
  }

  /** A sub-agent is a conversation of its own, known by the message that spawned it (seen on 0.169.0). */
  #communication(attributes: KeyValue[]): AgentEvent[] {
    const sessionId = text(attributes, 'receiver_thread_id');
    if (text(attributes, 'kind') !== 'spawn' || sessionId === undefined) return [];
    this.#agents.add(sessionId);
    return [{ kind: 'session', sessionId, helper: true }];
  }

  #roleOf(sessionId: string): Role {
    if (this.#agents.has(sessionId)) return 'subagent';
    return this.#helpers.has(sessionId) ? 'utility' : 'main';
  }

  #request(record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    if (text(attributes, 'endpoint') !== '/responses') return [];
    const statusCode = num(attributes, 'http.response.status_code');
    if (statusCode !== undefined && statusCode < 400) return this.#accepted(record, sessionId);
    return [this.#failed(record, sessionId, statusErrorType(statusCode), statusCode)];
  }

  #websocket(record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    if (flag(attributes, 'success')) {
      const isRequest = text(attributes, 'event.name') === 'codex.websocket_request';
      if (isRequest) return this.#accepted(record, sessionId);
      this.#failure.delete(sessionId);
      return [];
    }
    const statusCode = num(attributes, 'http.response.status_code');
    // 426: the server asks for plain HTTP, and Codex goes on there [8].
    if (statusCode === 426) return [];
    return [this.#failed(record, sessionId, statusErrorType(statusCode), statusCode)];
  }

  #streamEvent(record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    const message = text(attributes, 'error.message');
    if (message !== undefined) {
      const type = streamErrorType(message, text(attributes, 'event.kind'));
      const known = this.#failure.get(sessionId);
      if (known)
        return known.type === 'unknown'
          ? [this.#failed(record, sessionId, type, undefined, known.errorId)]
          : [];
      return [this.#failed(record, sessionId, type)];
    }
    // The other record of the same event has a duration instead of tokens [5].
    const inputTokens = num(attributes, 'input_token_count');
    if (text(attributes, 'event.kind') !== 'response.completed' || inputTokens === undefined) return [];
    this.#failure.delete(sessionId);
    this.#asked.delete(sessionId);
    const at = timeOf(record);
    return [
      {
        kind: 'llm_call',
        ...origin(record, sessionId),
        callId: `${sessionId}@${record.observedTimeUnixNano}`,
        role: this.#roleOf(sessionId),
        model: text(attributes, 'model') ?? text(attributes, 'slug') ?? 'unknown',
        endedAt: at,
        usage: {
          inputTokens,
          outputTokens: num(attributes, 'output_token_count') ?? 0,
          cacheReadTokens: num(attributes, 'cached_token_count') ?? 0,
          cacheWriteTokens: num(attributes, 'cache_write_token_count') ?? 0,
          cacheWrite1hTokens: null,
          reasoningTokens: num(attributes, 'reasoning_token_count') ?? 0,
        },
      },
    ];
  }

  #failed(
    record: LogRecord,
    sessionId: string,
    type: ErrorType,
    statusCode?: number,
    errorId = `${sessionId}@${record.observedTimeUnixNano}`,
  ): AgentEvent {
    this.#failure.set(sessionId, { errorId, type });
    this.#asked.delete(sessionId);
    const model = text(record.attributes, 'model');
    return {
      kind: 'llm_error',
      ...origin(record, sessionId),
      errorId,
      type,
      message: text(record.attributes, 'error.message') ?? '',
      at: timeOf(record),
      role: this.#roleOf(sessionId),
      ...(model && { model }),
      ...(statusCode !== undefined && { statusCode }),
    };
  }

  #toolResult(record: LogRecord, sessionId: string): AgentEvent {
    const { attributes } = record;
    const callId = text(attributes, 'call_id') ?? '';
    const name = text(attributes, 'tool_name') ?? 'unknown';
    const totalMs = num(attributes, 'duration_ms');
    const exitCode = exitCodeIn(text(attributes, 'output'));
    // `success` is true for any command that ran [6.2].
    const success =
      exitCode === undefined ? flag(attributes, 'success') && !this.#denied.has(callId) : exitCode === 0;
    const nested = callId.startsWith('exec-');
    if (nested) this.#nested.add(sessionId);
    const container = !nested && name === 'exec' && this.#nested.delete(sessionId);
    return {
      kind: 'tool_call',
      ...origin(record, sessionId),
      callId,
      name,
      ...(success !== undefined && { success }),
      ...(exitCode !== undefined && { exitCode }),
      endedAt: timeOf(record),
      ...(totalMs !== undefined && { totalMs }),
      ...(nested && { nesting: 'nested' }),
      ...(container && { nesting: 'container' }),
    };
  }
}

function turnCost(record: LogRecord, sessionId: string): AgentEvent[] {
  const turnId = text(record.attributes, 'turn.id');
  const usd = num(record.attributes, 'usage.estimated_usd');
  const tier = text(record.attributes, 'speed');
  if (turnId === undefined || usd === undefined) return [];
  return [{ kind: 'turn_cost', ...origin(record, sessionId), turnId, usd, ...(tier && { tier }) }];
}

function exitCodeIn(output: string | undefined): number | undefined {
  const code = /^Process exited with code (-?\d+)$/m.exec(output ?? '')?.[1];
  return code === undefined ? undefined : Number(code);
}

function billingOf(attributes: KeyValue[]): Billing {
  const mode = text(attributes, 'auth_mode');
  if (mode === 'ApiKey') return 'api';
  if (mode === 'Chatgpt') return 'subscription';
  // A provider of the user's own with a key from the environment names no mode [5].
  return flag(attributes, 'auth.env_provider_key_present') ? 'api' : 'unknown';
}

/** `thread.id` comes twice on some spans: the number of an OS thread, and the conversation [6.5]. */
function threadId(attributes: KeyValue[]): string | undefined {
  return attributes.find(({ key, value }) => key === 'thread.id' && value?.stringValue)?.value?.stringValue;
}

function origin(record: LogRecord, sessionId: string) {
  const traceId = hex(record.traceId);
  return { sessionId, ...(traceId && { traceId }) };
}

/** `time_unix_nano` is always 0 [4]. */
function timeOf(record: LogRecord): number {
  return msFromNanos(record.observedTimeUnixNano) ?? 0;
}

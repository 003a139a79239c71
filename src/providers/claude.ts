import { flag, num, text } from '../otlp/attributes.ts';
import { hex } from '../otlp/hex.ts';
import { msFromNanos } from '../otlp/time.ts';
import type { KeyValue, LogRecord, Metric, Resource, Span, SpanEvent } from '../otlp/types.ts';
import type { AgentEvent, Billing, LlmCallEvent, LlmErrorEvent, Role } from '../session/event.ts';
import type { Usage } from '../session/usage.ts';
import { errorType } from './claude-errors.ts';
import { mergedSettings } from './claude-settings.ts';
import { usageTotals } from './claude-totals.ts';
import type { Mapped, Mapper, Provider } from './provider.ts';

/**
 * Anthropic Claude Code. Facts: measured on 2.1.329; every rule below is from facts/claude.md, section in
 * brackets.
 */
export const claude: Provider = {
  id: 'claude',
  title: 'Claude Code',
  command: 'claude',
  npmPackage: '@anthropic-ai/claude-code',
  serviceName: 'claude-code',
  vendor: 'anthropic',
  fallbackModel: 'claude-opus-5-5',
  genAiProvider: 'anthropic',
  reportsReasoning: false,
  signalTree: false,
  // The user's OTEL_SERVICE_NAME replaces the service name; the scopes stay.
  recognises: (serviceName, scopeName) =>
    serviceName === 'claude-code' || scopeName.startsWith('com.anthropic.claude_code'),
  sessionless: [
    'agents',
    'auth',
    'auto-mode',
    'doctor',
    'gateway',
    'import',
    'install',
    'logs',
    'mcp',
    'plugin',
    'plugins',
    'purge',
    'rm',
    'setup-token',
    'stop',
    'kill',
    'update',
    'upgrade',
  ],
  inject: async (context) => mergedSettings(context),
  createMapper: () => new ClaudeMapper(),
};

class ClaudeMapper implements Mapper {
  /**
   * Background sub-agents that ended: each makes Claude prompt itself, with nothing to tell it from a person
   * [6].
   */
  #announced = 0;
  /** How often a call without a request id was told, by source; its records are joined in order. */
  readonly #unnamed = new Map<string, number>();
  /** Traces of prompts a person gave, and of anything the model did for them [8: aborted]. */
  readonly #prompts = new Map<string, AgentEvent & { kind: 'prompt' }>();
  readonly #answered = new Set<string>();
  readonly #ended = new Map<string, number>();
  #version: string | undefined;

  resource(resource: Resource): AgentEvent[] {
    const version = text(resource.attributes, 'service.version');
    if (!version || version === this.#version) return [];
    this.#version = version;
    return [{ kind: 'cli', version }];
  }

  log(record: LogRecord): Mapped {
    const { attributes } = record;
    const sessionId = text(attributes, 'session.id');
    if (sessionId === undefined) return { sessionId, events: [] };
    return { sessionId, events: this.#logEvents(record, sessionId) };
  }

  #logEvents(record: LogRecord, sessionId: string): AgentEvent[] {
    const { attributes } = record;
    const base = origin(attributes, hex(record.traceId), sessionId);
    const at = msFromNanos(record.timeUnixNano) ?? 0;
    switch (text(attributes, 'event.name')) {
      case 'managed_settings_resolved':
        return [
          { kind: 'session', sessionId, helper: false },
          { kind: 'cli', billing: billingOf(attributes) },
        ];
      case 'user_prompt': {
        const prompt = { kind: 'prompt', ...base, author: this.#author(attributes), at } as const;
        if (base.traceId && prompt.author === 'person') this.#prompts.set(base.traceId, prompt);
        return [prompt];
      }
      case 'subagent_completed':
        if (flag(attributes, 'is_async')) this.#announced += 1;
        return [];
      case 'api_request':
        return [this.#answer(attributes, base, at, 'log')];
      case 'api_error':
        return [this.#failure(attributes, base, at, 'log')];
      case 'tool_decision':
        return [
          {
            kind: 'tool_decision',
            ...base,
            callId: text(attributes, 'tool_use_id') ?? '',
            name: text(attributes, 'tool_name') ?? 'unknown',
            accepted: text(attributes, 'decision') !== 'reject',
            byPerson: isPerson(attributes),
            at,
          },
        ];
      case 'tool_result': {
        const success = flag(attributes, 'success');
        const durationMs = num(attributes, 'duration_ms');
        return [
          {
            kind: 'tool_call',
            ...base,
            callId: text(attributes, 'tool_use_id') ?? '',
            name: text(attributes, 'tool_name') ?? 'unknown',
            ...(success !== undefined && { success }),
            ...(durationMs !== undefined && { durationMs }),
            endedAt: at,
          },
        ];
      }
      default:
        return [];
    }
  }

  span(span: Span): Mapped {
    const { attributes } = span;
    const sessionId = text(attributes, 'session.id');
    if (sessionId === undefined) return { sessionId, events: [] };
    const base = origin(attributes, hex(span.traceId), sessionId);
    const startedAt = msFromNanos(span.startTimeUnixNano) ?? 0;
    const endedAt = msFromNanos(span.endTimeUnixNano) ?? startedAt;
    switch (span.name) {
      case 'claude_code.llm_request': {
        const event = flag(attributes, 'success')
          ? this.#answer(attributes, base, endedAt, 'span')
          : this.#failure(attributes, base, endedAt, 'span');
        return { sessionId, events: [{ ...event, ...hiddenRetries(attributes, span.events) }] };
      }
      case 'claude_code.tool.blocked_on_user':
        // Always there; only sometimes is it a person who was waited for [12].
        if (!isPerson(attributes)) return { sessionId, events: [] };
        return { sessionId, events: [{ kind: 'approval_wait', ...base, startedAt, endedAt }] };
      case 'claude_code.interaction':
        if (base.traceId) this.#ended.set(base.traceId, endedAt);
        return { sessionId, events: [{ kind: 'turn_end', ...base, startedAt, endedAt }] };
      default:
        return { sessionId, events: [] };
    }
  }

  metric(metric: Metric): Mapped {
    const events = usageTotals(metric);
    return { sessionId: events[0]?.sessionId, events };
  }

  finish(): AgentEvent[] {
    // A prompt whose turn ended without any answer or failure of the model was stopped by the user [8].
    return [...this.#prompts].flatMap(([traceId, { sessionId, turnKey }]): AgentEvent[] => {
      const at = this.#ended.get(traceId);
      if (at === undefined || this.#answered.has(traceId)) return [];
      const origin = { sessionId, traceId, ...(turnKey && { turnKey }) };
      return [
        {
          kind: 'llm_error',
          ...origin,
          errorId: `${traceId}|cancelled`,
          type: 'cancelled',
          message: '',
          at,
          role: 'main',
        },
      ];
    });
  }

  #author(attributes: KeyValue[]): 'person' | 'synthetic' {
    // A built-in command such as /compact asks the model nothing for the person.
    if (text(attributes, 'command_source') === 'builtin') return 'synthetic';
    if (this.#announced === 0) return 'person';
    this.#announced -= 1;
    return 'synthetic';
  }

  #answer(attributes: KeyValue[], base: Origin, endedAt: number, source: Source): LlmCallEvent {
    this.#markAnswered(attributes, base);
    const model = text(attributes, 'model') ?? 'unknown';
    const responseId = text(attributes, 'request_id');
    const reportedUsd = num(attributes, 'cost_usd');
    const durationMs = num(attributes, 'duration_ms');
    const speed = text(attributes, 'speed');
    return {
      kind: 'llm_call',
      ...base,
      callId:
        responseId ??
        this.#unnamedId(source, `${base.traceId}|${model}|${text(attributes, 'output_tokens')}`),
      role: roleOf(attributes),
      model,
      usage: usageOf(attributes),
      endedAt,
      ...(durationMs !== undefined && { durationMs }),
      ...(reportedUsd !== undefined && { reportedUsd }),
      ...(responseId && { responseId }),
      ...(speed && speed !== 'normal' && { tier: speed }),
      ...hiddenRetries(attributes),
    };
  }

  #failure(attributes: KeyValue[], base: Origin, at: number, source: Source): LlmErrorEvent {
    this.#markAnswered(attributes, base);
    const statusCode = num(attributes, 'status_code');
    const durationMs = num(attributes, 'duration_ms');
    const model = text(attributes, 'model');
    return {
      kind: 'llm_error',
      ...base,
      errorId: text(attributes, 'request_id') ?? this.#unnamedId(source, `${base.traceId}|error`),
      type: errorType(text(attributes, 'error_class'), statusCode, text(attributes, 'error') ?? ''),
      message: text(attributes, 'error') ?? '',
      at,
      role: roleOf(attributes),
      ...(model && { model }),
      ...(statusCode !== undefined && { statusCode }),
      ...(durationMs !== undefined && { durationMs }),
      ...hiddenRetries(attributes),
    };
  }

  /** A title or a classifier's verdict is no answer to the person. */
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
type Origin = ReturnType<typeof origin>;

/** The attempts before the one that is told leave no record [8]. */
function hiddenRetries(
  attributes: KeyValue[],
  events: readonly SpanEvent[] = [],
): { hiddenRetries?: number } {
  // A request that is sent again with other options counts as attempt 1 again, but has its event.
  const told = events.filter(({ name }) => name === 'gen_ai.request.attempt').length;
  const attempts = Math.max(num(attributes, 'attempt') ?? 1, told);
  return attempts > 1 ? { hiddenRetries: attempts - 1 } : {};
}

/** `input_tokens` is what was neither read from nor written to the cache [7]. */
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

/** Logs name the source of a query `query_source`, spans `query_source_safe` with dots for colons [6]. */
function roleOf(attributes: KeyValue[]): Role {
  const source = text(attributes, 'query_source') ?? text(attributes, 'query_source_safe') ?? 'sdk';
  if (source === 'sdk' || source.startsWith('repl_main_thread')) return 'main';
  return source.startsWith('agent') ? 'subagent' : 'utility';
}

/**
 * An API key leaves no account in the records; a login by browser does, but may be of a subscription or of
 * the paid API [9, 13]. `user.customer_type` is in the program's own list of attributes (read in 2.1.329, not
 * seen in a record).
 */
function billingOf(attributes: KeyValue[]): Billing {
  const customer = text(attributes, 'user.customer_type');
  if (customer === 'claude_ai') return 'subscription';
  if (customer === 'api' || (text(attributes, 'anthropic.provider') ?? 'firstParty') !== 'firstParty')
    return 'api';
  return (text(attributes, 'organization.id') ?? text(attributes, 'user.account_uuid')) ? 'unknown' : 'api';
}

function isPerson(attributes: KeyValue[]): boolean {
  return text(attributes, 'source')?.startsWith('user') ?? false;
}

function origin(attributes: KeyValue[], traceId: string | undefined, sessionId: string) {
  const turnKey = text(attributes, 'prompt.id');
  return { sessionId, ...(turnKey && { turnKey }), ...(traceId && { traceId }) };
}

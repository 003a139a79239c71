import { flag, num, text } from '../../otlp/attributes.ts';
import { msFromNanos } from '../../otlp/time.ts';
import type { KeyValue, LogRecord, Metric, Resource, Span } from '../../otlp/types.ts';
import type { AgentEvent, Billing, CompactionEvent, Origin, UnixMs } from '../../session/event.ts';
import type { Mapped, Mapper, Provider } from '../provider.ts';
import { ClaudeCalls } from './calls.ts';
import { claudeCli } from './cli.ts';
import { originOf } from './origin.ts';
import { ClaudePrompts } from './prompts.ts';
import { ClaudeSubagents } from './subagents.ts';
import { ClaudeTools } from './tools.ts';
import { usageTotals } from './totals.ts';

/**
 * Anthropic Claude Code. Facts: measured on 2.1.329; every rule below is from facts/claude.md, section in
 * brackets.
 */
export const claude: Provider = {
  ...claudeCli,
  // The user's OTEL_SERVICE_NAME replaces the service name; the scopes stay.
  recognises: (serviceName, scopeName) =>
    serviceName === 'claude-code' || scopeName.startsWith('com.anthropic.claude_code'),
  createMapper: () => new ClaudeMapper(),
};

class ClaudeMapper implements Mapper {
  /** Logs and spans are sent every 200 ms (settings.ts). */
  readonly settleMs = 500;
  readonly #prompts = new ClaudePrompts();
  readonly #calls = new ClaudeCalls();
  readonly #tools = new ClaudeTools();
  readonly #subagents = new ClaudeSubagents();
  #version: string | undefined;

  resource(resource: Resource): AgentEvent[] {
    const version = text(resource.attributes, 'service.version');
    if (!version || version === this.#version) return [];
    this.#version = version;
    return [{ kind: 'cli', version }];
  }

  log(record: LogRecord): Mapped {
    const sessionId = text(record.attributes, 'session.id');
    if (sessionId === undefined) return { sessionId, events: [] };
    const origin = originOf(record, sessionId);
    if (text(record.attributes, 'event.name') === 'assistant_response') {
      return { sessionId, events: [], asides: this.#calls.text(record) };
    }
    return { sessionId, events: this.#logEvents(record, origin) };
  }

  /** Last in the list is what the record itself tells; before it what it lets us tell of others. */
  #logEvents(record: LogRecord, origin: Origin): AgentEvent[] {
    const { attributes } = record;
    const at = msFromNanos(record.timeUnixNano) ?? 0;
    switch (text(attributes, 'event.name')) {
      case 'managed_settings_resolved':
        return [
          { kind: 'session', sessionId: origin.sessionId, helper: false },
          { kind: 'cli', billing: billingOf(attributes) },
        ];
      case 'user_prompt':
        return [this.#prompts.prompt(record, origin, at)];
      case 'api_request':
        return [...this.#subagents.log(record, origin, at), this.#calls.answerLog(record, origin, at)];
      case 'api_error':
        return [...this.#subagents.log(record, origin, at), this.#calls.failureLog(record, origin, at)];
      case 'tool_decision':
        return this.#tools.decision(record, origin, at);
      case 'tool_result':
        return [...this.#subagents.log(record, origin, at), this.#tools.result(record, origin, at)];
      case 'subagent_completed':
        if (flag(attributes, 'is_async')) this.#prompts.announce();
        return this.#subagents.completed(record, origin, at);
      case 'compaction':
        return [compaction(record, origin, at)];
      default:
        return [];
    }
  }

  span(span: Span): Mapped {
    const sessionId = text(span.attributes, 'session.id');
    if (sessionId === undefined) return { sessionId, events: [] };
    const spanKind = spanKinds[span.name ?? ''];
    const events = this.#spanEvents(span, originOf(span, sessionId));
    return { sessionId, events, ...(spanKind && { spanKind }) };
  }

  #spanEvents(span: Span, origin: Origin): AgentEvent[] {
    const startedAt = msFromNanos(span.startTimeUnixNano) ?? 0;
    const endedAt = msFromNanos(span.endTimeUnixNano) ?? startedAt;
    const times = { startedAt, endedAt };
    switch (span.name) {
      case 'claude_code.llm_request':
        return [...this.#subagents.span(span, origin, endedAt), this.#calls.span(span, origin, times)];
      case 'claude_code.tool':
        return [...this.#subagents.span(span, origin, endedAt), ...this.#tools.tool(span, origin)];
      case 'claude_code.tool.execution':
        this.#tools.execution(span, origin, times);
        return this.#subagents.execution(span, origin, times);
      case 'claude_code.tool.blocked_on_user':
        return this.#tools.wait(span, origin, times);
      case 'claude_code.interaction':
        this.#prompts.end(origin, endedAt);
        return [{ kind: 'turn_end', ...origin, ...times }];
      default:
        return [];
    }
  }

  metric(metric: Metric): Mapped {
    const events = usageTotals(metric);
    return { sessionId: events[0]?.sessionId, events };
  }

  finish(): AgentEvent[] {
    const cancelled = this.#prompts.cancelled((traceId) => this.#calls.isAnswered(traceId));
    return [...this.#tools.finish(), ...cancelled];
  }
}

const spanKinds: Readonly<Record<string, Mapped['spanKind']>> = {
  'claude_code.interaction': 'AGENT',
  'claude_code.llm_request': 'LLM',
  'claude_code.tool': 'TOOL',
};

function compaction({ attributes }: LogRecord, origin: Origin, endedAt: UnixMs): CompactionEvent {
  const trigger = text(attributes, 'trigger');
  const success = flag(attributes, 'success');
  const tokensBefore = num(attributes, 'pre_tokens');
  const tokensAfter = num(attributes, 'post_tokens');
  return {
    kind: 'compaction',
    ...origin,
    ...(trigger && { trigger }),
    ...(success !== undefined && { success }),
    ...(tokensBefore !== undefined && { tokensBefore }),
    ...(tokensAfter !== undefined && { tokensAfter }),
    startedAt: endedAt - (num(attributes, 'duration_ms') ?? 0),
    endedAt,
  };
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

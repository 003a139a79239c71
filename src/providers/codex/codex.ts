import { flag, num, text } from '../../otlp/attributes.ts';
import type { KeyValue, LogRecord, Resource, Span } from '../../otlp/types.ts';
import type { AgentEvent, Billing, Origin } from '../../session/event.ts';
import type { Mapped, Mapper, Provider } from '../provider.ts';
import { ConversationCalls, type Source } from './calls.ts';
import { codexCli } from './cli.ts';
import { Compactions } from './compactions.ts';
import { content, intervalOf, threadId, timeOf, traceOf } from './records.ts';
import { Subagents } from './subagents.ts';
import { Tools } from './tools.ts';

/**
 * OpenAI Codex CLI. Facts: measured on 0.169.0; every rule below is from facts/codex.md, section in brackets.
 */
export const codex: Provider = {
  ...codexCli,
  recognises: (serviceName) => serviceNames.has(serviceName ?? ''),
  createMapper: () => new CodexMapper(),
};

/** By mode: headless, terminal, daemon [4]. */
const serviceNames: ReadonlySet<string> = new Set(['codex_exec', 'codex_cli_rs', 'codex-app-server']);

class CodexMapper implements Mapper {
  /** Logs and spans are sent every 10 and 20 ms (config.ts). */
  readonly settleMs = 300;
  /** Hidden threads that make up titles. */
  readonly #helpers = new Set<string>();
  readonly #calls = new Map<string, ConversationCalls>();
  readonly #tools = new Tools();
  readonly #subagents = new Subagents();
  readonly #compactions = new Compactions();
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
    const events = this.#logEvents(name, record, this.#source(record, sessionId));
    this.#callsOf(sessionId).seen(record);
    return { sessionId, events };
  }

  #logEvents(name: string, record: LogRecord, source: Source): AgentEvent[] {
    const { origin } = source;
    const calls = this.#callsOf(origin.sessionId);
    switch (name) {
      case 'codex.conversation_starts':
        return this.#started(record.attributes, origin.sessionId);
      case 'codex.user_prompt':
        return this.#prompt(record, source);
      case 'codex.api_request':
        return calls.request(record, source);
      case 'codex.websocket_connect':
      case 'codex.websocket_request':
        return calls.webSocket(record, source);
      case 'codex.sse_event':
        return calls.streamEvent(record, source);
      case 'codex.agent_response':
        calls.response(record);
        return [];
      case 'codex.agent_communication':
        return this.#subagents.message(record, origin);
      case 'codex.tool_decision':
        return [this.#tools.decision(record, origin)];
      case 'codex.sandbox_outcome':
        this.#tools.sandboxOutcome(record);
        return [];
      case 'codex.tool_result':
        return [this.#tools.result(record, origin), ...this.#subagents.toolResult(record)];
      case 'codex.turn_cost':
        return turnCost(record, origin);
      default:
        return [];
    }
  }

  span(span: Span): Mapped {
    const sessionId = text(span.attributes, 'conversation.id') ?? threadId(span.attributes);
    const around = this.#compactions.around(span);
    if (sessionId === undefined) return { sessionId, events: around };
    const spanKind = spanKindOf(span);
    const events = [...around, ...this.#spanEvents(span, sessionId)];
    return { sessionId, events, ...(spanKind && { spanKind }) };
  }

  /** One in fifty. Any may be the one around a compaction, which ends after it. */
  needsSpan(name: string): boolean {
    return tellingSpan.test(name) || this.#compactions.isPending;
  }

  #spanEvents(span: Span, sessionId: string): AgentEvent[] {
    const time = intervalOf(span);
    if (time === null) return [];
    const { origin } = this.#source(span, sessionId);
    const calls = this.#callsOf(sessionId);
    switch (span.name) {
      case 'session_task.turn': {
        const turnId = text(span.attributes, 'turn.id');
        if (turnId === undefined) return [];
        calls.turnEnded(time);
        const ended = this.#subagents.turnEnded(sessionId, time);
        return this.#subagents.has(sessionId) ? ended : [{ kind: 'turn_end', ...origin, ...time, turnId }];
      }
      case 'codex.sampling':
        return calls.sampled(time);
      case 'codex.compaction':
        this.#compactions.compacted(span, origin, time);
        return calls.compacted(time);
      case 'unified_exec.exec_command':
        this.#tools.commandSpan(span, origin, time);
        return [];
      default:
        return [];
    }
  }

  metric(): Mapped {
    // Metrics of the last turn may never be sent: the token records tell everything [6.6].
    return { sessionId: undefined, events: [] };
  }

  finish(): AgentEvent[] {
    return [
      ...[...this.#calls].flatMap(([sessionId, calls]) => [
        ...calls.unsaid(),
        ...calls.cancelled(),
        ...this.#tools.unanswered(sessionId, Number.POSITIVE_INFINITY),
      ]),
      ...this.#compactions.rest(),
    ];
  }

  #prompt(record: LogRecord, { origin, role }: Source): AgentEvent[] {
    const calls = this.#callsOf(origin.sessionId);
    const at = timeOf(record);
    const before = [...calls.cancelled(), ...this.#tools.unanswered(origin.sessionId, at)];
    calls.prompted();
    const author = role === 'main' ? 'person' : 'helper';
    const words = content(record.attributes, 'prompt');
    const prompt = { kind: 'prompt', ...origin, author, at } as const;
    return [...before, { ...prompt, ...(words !== undefined && { text: words }) }];
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
      { kind: 'session', sessionId, helper: helper || this.#subagents.has(sessionId) },
      { kind: 'cli', billing: billingOf(attributes) },
    ];
  }

  #source(record: LogRecord | Span, sessionId: string): Source {
    const origin = { sessionId, ...traceOf(record) };
    if (this.#subagents.has(sessionId))
      return { origin: { ...origin, agentId: sessionId }, role: 'subagent' };
    return { origin, role: this.#helpers.has(sessionId) ? 'utility' : 'main' };
  }

  #callsOf(sessionId: string): ConversationCalls {
    const known = this.#calls.get(sessionId);
    if (known) return known;
    const calls = new ConversationCalls();
    this.#calls.set(sessionId, calls);
    return calls;
  }
}

/** Names of the spans that become events, and of those that were seen around a compaction. */
const tellingSpan =
  /^(session_task\..*|run_auto_compact|codex\.sampling|codex\.compaction|unified_exec\.exec_command)$/;

/** A tool's span is named by the tool [6.5]. */
function spanKindOf({ name, attributes }: Span): Mapped['spanKind'] {
  if (name === 'session_task.turn') return 'AGENT';
  if (name === 'codex.sampling') return 'LLM';
  return name !== undefined && name === text(attributes, 'tool_name') ? 'TOOL' : undefined;
}

function turnCost({ attributes }: LogRecord, origin: Origin): AgentEvent[] {
  const turnId = text(attributes, 'turn.id');
  const usd = num(attributes, 'usage.estimated_usd');
  const tier = text(attributes, 'speed');
  if (turnId === undefined || usd === undefined) return [];
  return [{ kind: 'turn_cost', ...origin, turnId, usd, ...(tier && { tier }) }];
}

function billingOf(attributes: KeyValue[]): Billing {
  const mode = text(attributes, 'auth_mode');
  if (mode === 'ApiKey') return 'api';
  if (mode === 'Chatgpt') return 'subscription';
  // A provider of the user's own with a key from the environment names no mode [5].
  return flag(attributes, 'auth.env_provider_key_present') ? 'api' : 'unknown';
}

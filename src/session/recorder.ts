import { CallCost, type ModelPrices } from './call-cost.ts';
import type { Pricer } from './cost.ts';
import type {
  AgentEvent,
  LlmCallEvent,
  LlmErrorEvent,
  Origin,
  SubagentEvent,
  ToolCallEvent,
  ToolDecisionEvent,
  UnixMs,
  UsageTotalEvent,
} from './event.ts';
import type { Interval } from './interval.ts';
import { type Hold, type Item, itemOf, Retirement } from './retirement.ts';
import { emptySession, type LlmCall, type Session, type ToolCall, type Wait } from './session.ts';
import { Turns } from './turns.ts';
import type { Usage } from './usage.ts';

/**
 * The only writer of a `Session`: folds events into it, in the order the records arrive (which is not the
 * order of time).
 */
export class Recorder {
  readonly session: Session = emptySession();
  /** The turns of that session, for all who look at them. */
  readonly turns = new Turns(this.session);
  readonly #cost: CallCost;
  /** What has no id of its own and may be delivered twice: prompts, and stretches of time. */
  readonly #told = new Set<string>();
  readonly #retirement: Retirement;
  #mainSessionId: string | undefined;

  /** @param keptForLateRecords as for `Retirement` */
  constructor(price: Pricer, prices: ModelPrices, keptForLateRecords?: number) {
    this.#cost = new CallCost(price, prices);
    this.#retirement = new Retirement(this.session, keptForLateRecords);
  }

  /**
   * The person's session that is current: where records and helper threads without one of their own belong.
   */
  get mainSessionId(): string | undefined {
    return this.#mainSessionId;
  }

  /**
   * The session a record belongs to for the user: a helper thread's spend is the session's that started it.
   */
  ownerOf(sessionId: string | undefined): string | undefined {
    if (sessionId === undefined || this.session.ids.get(sessionId)?.helper)
      return this.mainSessionId ?? sessionId;
    return sessionId;
  }

  /** For one who looks at calls, failures and tools, and releases each in the end: then only its figures are kept. */
  hold(): Hold {
    return this.#retirement.hold();
  }

  fold(event: AgentEvent): void {
    if (event.kind === 'cli') {
      if (event.billing) this.session.billing = event.billing;
      if (event.version) this.session.cliVersion = event.version;
      if (event.genAiProvider) this.session.genAiProvider = event.genAiProvider;
      return;
    }
    this.#seeSession(event);
    // Whatever comes so late has been told before.
    const item = itemOf(event);
    if (item && this.#retirement.has(item)) return;
    switch (event.kind) {
      case 'session':
        break;
      case 'prompt':
        if (this.#isNews('prompt', event.sessionId, event.at)) this.session.prompts.push(event);
        break;
      case 'turn_end':
        if (this.#isNews('turn_end', ...timeOf(event))) this.session.turnEnds.push(event);
        break;
      case 'llm_call':
        this.#llmCall(event);
        break;
      case 'llm_error':
        this.#llmError(event);
        break;
      case 'tool_decision':
        this.#toolDecision(event);
        break;
      case 'tool_call':
        this.#toolCall(event);
        break;
      case 'approval_wait':
        this.#wait(event);
        break;
      case 'subagent':
        this.#subagent(event);
        break;
      case 'compaction':
        if (this.#isNews('compaction', ...timeOf(event))) this.session.compactions.push(event);
        break;
      case 'usage_total':
        this.#usageTotal(event);
        break;
      case 'turn_cost':
        this.session.turnCosts.set(event.turnId, event.usd);
        break;
    }
  }

  /** A call as far as it is known; one that is told again so late that only its figures are kept, as it is told. */
  callOf(event: LlmCallEvent): LlmCall {
    const { kind: _, ...told } = event;
    return this.session.llmCalls.get(event.callId) ?? { ...told, ...this.#cost.of(told) };
  }

  /** What was said and done is long, and no figure is made of it: it goes when nobody will ask for it any more. */
  forgetContent({ kind, id }: Item): void {
    const { llmCalls, tools } = this.session;
    const call = kind === 'llm_call' ? llmCalls.get(id) : undefined;
    if (call?.input !== undefined || call?.output !== undefined) {
      const { input: _, output: __, ...rest } = call;
      llmCalls.set(id, rest);
    }
    const tool = kind === 'tool_call' ? tools.get(id) : undefined;
    if (tool?.arguments !== undefined || tool?.result !== undefined) {
      const { arguments: _, result: __, ...rest } = tool;
      tools.set(id, rest);
    }
  }

  #seeSession(event: Exclude<AgentEvent, { kind: 'cli' }>): void {
    const { ids, traceIds } = this.session;
    const { sessionId, traceId } = event;
    const seen = ids.get(sessionId);
    const helper = event.kind === 'session' ? event.helper : (seen?.helper ?? false);
    // A slash command is a turn to Gemini: that one has ended says nothing of what was done in it.
    const active = event.kind !== 'session' && event.kind !== 'usage_total' && event.kind !== 'turn_end';
    ids.set(sessionId, { helper, active: active || (seen?.active ?? false) });
    if (!seen && !helper) this.#mainSessionId = sessionId;
    if (seen && seen.helper !== helper) this.#mainSessionId = latestMain(ids);
    if (traceId && active) traceIds.add(traceId);
  }

  #isNews(...identity: readonly (string | number | undefined)[]): boolean {
    const key = identity.join('|');
    const isNews = !this.#told.has(key);
    this.#told.add(key);
    return isNews;
  }

  #llmCall(event: LlmCallEvent): void {
    const { kind: _, ...told } = event;
    const known = this.session.llmCalls.get(event.callId);
    if (!known) this.#retirement.told({ kind: 'llm_call', id: event.callId });
    const merged = known
      ? { ...known, ...told, ...longer(known, told), usage: fullerUsage(known.usage, told.usage) }
      : told;
    const call = { ...merged, ...this.#cost.of(merged) };
    this.session.llmCalls.set(event.callId, call);
    this.session.rows.tell(call, known);
    this.#hiddenRetries(event.callId, event.hiddenRetries);
  }

  #llmError(event: LlmErrorEvent): void {
    const { kind: _, ...told } = event;
    const known = this.session.errors.get(event.errorId);
    if (!known) this.#retirement.told({ kind: 'llm_error', id: event.errorId });
    // A second record of the same failure may only make it more specific.
    const type = known && told.type === 'unknown' ? known.type : told.type;
    const message = told.message || (known?.message ?? '');
    const at = known?.at ?? told.at;
    this.session.errors.set(event.errorId, { ...known, ...told, type, message, at });
    this.session.retired.errors.told(type);
    this.#hiddenRetries(event.errorId, event.hiddenRetries);
  }

  #hiddenRetries(id: string, count = 0): void {
    const known = this.session.hiddenRetries.get(id) ?? 0;
    if (count > known) this.session.hiddenRetries.set(id, count);
  }

  #tool({ sessionId, turnKey, traceId, agentId, ...event }: ToolDecisionEvent | ToolCallEvent): ToolCall {
    const { callId, name, askedBy } = event;
    let tool = this.session.tools.get(callId);
    if (!tool) {
      const endedAt = event.kind === 'tool_call' ? event.endedAt : event.at;
      tool = { sessionId, callId, name, finished: false, rejected: false, endedAt };
      this.session.tools.set(callId, tool);
      this.#retirement.told({ kind: 'tool_call', id: callId });
    }
    // A later record may know a better name, or none.
    if (name !== 'unknown') tool.name = name;
    if (turnKey) tool.turnKey = turnKey;
    if (traceId) tool.traceId ??= traceId;
    if (agentId) tool.agentId = agentId;
    if (askedBy) tool.askedBy = askedBy;
    this.session.retired.tools.told(tool.name);
    return tool;
  }

  #toolDecision(event: ToolDecisionEvent): void {
    const tool = this.#tool(event);
    tool.rejected = !event.accepted;
    tool.decidedBy = event.byPerson ? 'person' : 'rule';
    tool.decidedAt = event.at;
    if (event.byPerson) tool.approvedAt = event.at;
  }

  #toolCall(event: ToolCallEvent): void {
    const tool = this.#tool(event);
    const { success, exitCode, nesting, durationMs, failure, mcpServer, arguments: given, result } = event;
    tool.finished = true;
    tool.endedAt = event.endedAt;
    if (success !== undefined) tool.success = success;
    if (exitCode !== undefined) tool.exitCode = exitCode;
    if (nesting !== undefined) tool.nesting = nesting;
    if (durationMs !== undefined) tool.durationMs = durationMs;
    if (failure !== undefined) tool.failure = failure;
    if (mcpServer !== undefined) tool.mcpServer = mcpServer;
    if (given !== undefined) tool.arguments = given;
    if (result !== undefined) tool.result = result;
    if (event.totalMs === undefined) return;
    const startedAt = event.endedAt - event.totalMs;
    if (tool.approvedAt === undefined) {
      tool.durationMs ??= event.totalMs;
    } else {
      tool.durationMs ??= Math.max(0, event.endedAt - tool.approvedAt);
      this.#wait({ callId: event.callId, startedAt, endedAt: tool.approvedAt });
    }
  }

  #wait({ startedAt, endedAt, callId }: Wait): void {
    const wait = { startedAt, endedAt, ...(callId !== undefined && { callId }) };
    if (this.#isNews('wait', callId, ...timeOf(wait))) this.session.waits.push(wait);
  }

  #subagent({ kind: _, ...told }: SubagentEvent): void {
    const known = this.session.subagents.get(told.agentId);
    // It belongs to the conversation that started it, whichever its later records are of.
    this.session.subagents.set(told.agentId, { ...known, ...told, ...(known && originOf(known)) });
  }

  #usageTotal(event: UsageTotalEvent): void {
    const { model, role, measure, value, mode, series } = event;
    const key = `${model}\0${role}\0${measure}`;
    const total = this.session.reportedTotals.get(key) ?? {
      model,
      role,
      measure,
      series: new Map<string, number>(),
    };
    const before = mode === 'add' ? (total.series.get(series) ?? 0) : 0;
    total.series.set(series, before + value);
    this.session.reportedTotals.set(key, total);
  }
}

/** Of two tellings of one call's usage, the one that splits the cache writes by lifetime; else the later. */
function fullerUsage(known: Usage, told: Usage): Usage {
  return known.cacheWrite1hTokens !== null && told.cacheWrite1hTokens === null ? known : told;
}

/**
 * Of two tellings of one call's time, the longer: a log may leave out the attempts before (facts/claude.md
 * §5).
 */
function longer(
  known: LlmCall,
  told: Omit<LlmCallEvent, 'kind'>,
): Pick<LlmCallEvent, 'endedAt' | 'durationMs'> {
  const { endedAt, durationMs } = (known.durationMs ?? 0) > (told.durationMs ?? 0) ? known : told;
  return { endedAt, ...(durationMs !== undefined && { durationMs }) };
}

function timeOf({ startedAt, endedAt }: Interval): [UnixMs, UnixMs] {
  return [startedAt, endedAt];
}

function latestMain(ids: Session['ids']): string | undefined {
  return [...ids].findLast(([, { helper }]) => !helper)?.[0];
}

function originOf({ sessionId, turnKey, traceId }: Origin): Origin {
  return { sessionId, ...(turnKey && { turnKey }), ...(traceId && { traceId }) };
}

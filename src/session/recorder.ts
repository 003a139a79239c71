import type { Price, Pricer } from './cost.ts';
import type {
  AgentEvent,
  LlmCallEvent,
  LlmErrorEvent,
  ToolCallEvent,
  ToolDecisionEvent,
  UsageTotalEvent,
} from './event.ts';
import { emptySession, type LlmCall, type Session, type ToolCall } from './session.ts';
import { totalTokens, type Usage } from './usage.ts';

/** What the recorder must know to price one CLI's calls. */
export interface ModelPrices {
  /** Provider id of the CLI's models in the price library. */
  vendor: string;
  /** The model at whose price the CLI itself reckons models it does not know. */
  fallbackModel?: string;
}

/** Two sums of money that are the same but for rounding. USD. */
const sameUsd = 1e-9;

/**
 * The only writer of a `Session`: folds events into it, in the order the records arrive (which is not the
 * order of time).
 */
export class Recorder {
  readonly session: Session = emptySession();
  readonly #price: Pricer;
  readonly #prices: ModelPrices;

  constructor(price: Pricer, prices: ModelPrices) {
    this.#price = price;
    this.#prices = prices;
  }

  /**
   * The person's session that is current: where records and helper threads without one of their own belong.
   */
  get mainSessionId(): string | undefined {
    let latest: string | undefined;
    for (const [id, { helper }] of this.session.ids) if (!helper) latest = id;
    return latest;
  }

  /**
   * The session a record belongs to for the user: a helper thread's spend is the session's that started it.
   */
  ownerOf(sessionId: string | undefined): string | undefined {
    if (sessionId === undefined || this.session.ids.get(sessionId)?.helper)
      return this.mainSessionId ?? sessionId;
    return sessionId;
  }

  fold(event: AgentEvent): void {
    if (event.kind === 'cli') {
      if (event.billing) this.session.billing = event.billing;
      if (event.version) this.session.cliVersion = event.version;
      return;
    }
    this.#seeSession(event);
    switch (event.kind) {
      case 'session':
        break;
      case 'prompt':
        // The same prompt may be delivered twice.
        if (!this.session.prompts.some((p) => p.sessionId === event.sessionId && p.at === event.at)) {
          this.session.prompts.push(event);
        }
        break;
      case 'turn_end':
        if (event.traceId && event.turnId) this.session.turnIds.set(event.traceId, event.turnId);
        break;
      case 'llm_call':
        this.#llmCall(event);
        break;
      case 'llm_time':
        this.session.llmTimes.push(event);
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
        this.session.waits.push(event);
        break;
      case 'usage_total':
        this.#usageTotal(event);
        break;
      case 'turn_cost':
        this.session.turnCosts.set(event.turnId, event.usd);
        break;
    }
  }

  #seeSession(event: Exclude<AgentEvent, { kind: 'cli' }>): void {
    const seen = this.session.ids.get(event.sessionId);
    const helper = event.kind === 'session' ? event.helper : (seen?.helper ?? false);
    // A slash command is a turn to Gemini: that one has ended says nothing of what was done in it.
    const active = event.kind !== 'session' && event.kind !== 'usage_total' && event.kind !== 'turn_end';
    this.session.ids.set(event.sessionId, { helper, active: active || (seen?.active ?? false) });
    if (event.traceId && active && event.kind !== 'llm_time') this.session.traceIds.add(event.traceId);
  }

  #llmCall(event: LlmCallEvent): void {
    const { kind: _, ...told } = event;
    const known = this.session.llmCalls.get(event.callId);
    const merged = known
      ? { ...known, ...told, ...longer(known, told), usage: fullerUsage(known.usage, told.usage) }
      : told;
    this.session.llmCalls.set(event.callId, { ...merged, ...this.#costOf(merged) });
    this.#hiddenRetries(event.callId, event.hiddenRetries);
  }

  /** The user's own price, then what the CLI reports, then list prices (design.md §7). */
  #costOf(call: Omit<LlmCallEvent, 'kind'>): Pick<LlmCall, 'cost' | 'overridden' | 'listUsd'> {
    const price = this.#priceOf(call, call.model);
    const overridden = price?.origin === 'override';
    const listUsd = price?.origin === 'list' && !price.estimated ? price.usd : undefined;
    const figures = { overridden, ...(listUsd !== undefined && { listUsd }) };
    if (call.reportedUsd !== undefined && !overridden) {
      const estimated = listUsd === undefined && this.#isFallback(call);
      return {
        ...figures,
        cost: { usd: call.reportedUsd, source: 'reported', estimated, unpricedTokens: 0 },
      };
    }
    const unpricedTokens = price ? 0 : totalTokens(call.usage);
    const { usd, estimated } = price ?? { usd: 0, estimated: true };
    return { ...figures, cost: { usd, source: 'computed', estimated, unpricedTokens } };
  }

  /**
   * Did the CLI reckon an unknown model at the price of another (facts/claude.md §7)? Then its figure is an
   * estimate.
   */
  #isFallback(call: Omit<LlmCallEvent, 'kind'>): boolean {
    const { fallbackModel } = this.#prices;
    if (fallbackModel === undefined || call.model === fallbackModel || call.reportedUsd === undefined)
      return false;
    const price = this.#priceOf(call, fallbackModel);
    return price !== null && Math.abs(price.usd - call.reportedUsd) < sameUsd;
  }

  #priceOf({ usage, endedAt: at, tier }: Omit<LlmCallEvent, 'kind'>, model: string): Price | null {
    return this.#price({ vendor: this.#prices.vendor, model, usage, at, ...(tier && { tier }) });
  }

  #llmError(event: LlmErrorEvent): void {
    const { type, message, at, role, errorId } = event;
    const known = this.session.errors.get(errorId);
    // A second record of the same failure may only make it more specific.
    const specific = known && type === 'unknown' ? known.type : type;
    const statusCode = event.statusCode ?? known?.statusCode;
    this.session.errors.set(errorId, {
      type: specific,
      message: message || (known?.message ?? ''),
      at: known?.at ?? at,
      role,
      ...(statusCode !== undefined && { statusCode }),
    });
    this.#hiddenRetries(errorId, event.hiddenRetries);
  }

  #hiddenRetries(id: string, count = 0): void {
    const known = this.session.hiddenRetries.get(id) ?? 0;
    if (count > known) this.session.hiddenRetries.set(id, count);
  }

  #tool(callId: string, name: string, endedAt: number): ToolCall {
    let tool = this.session.tools.get(callId);
    if (!tool) {
      tool = { callId, name, rejected: false, endedAt };
      this.session.tools.set(callId, tool);
    }
    return tool;
  }

  #toolDecision(event: ToolDecisionEvent): void {
    const tool = this.#tool(event.callId, event.name, event.at);
    tool.rejected = !event.accepted;
    if (event.byPerson) tool.approvedAt = event.at;
  }

  #toolCall(event: ToolCallEvent): void {
    const tool = this.#tool(event.callId, event.name, event.endedAt);
    tool.endedAt = event.endedAt;
    if (event.success !== undefined) tool.success = event.success;
    if (event.exitCode !== undefined) tool.exitCode = event.exitCode;
    if (event.nesting !== undefined) tool.nesting = event.nesting;
    if (event.durationMs !== undefined) tool.durationMs = event.durationMs;
    if (event.totalMs === undefined) return;
    const startedAt = event.endedAt - event.totalMs;
    if (tool.approvedAt === undefined) {
      tool.durationMs ??= event.totalMs;
    } else {
      tool.durationMs ??= Math.max(0, event.endedAt - tool.approvedAt);
      this.session.waits.push({ startedAt, endedAt: tool.approvedAt });
    }
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

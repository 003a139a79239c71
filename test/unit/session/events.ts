import type { ModelPrices } from '../../../src/session/call-cost.ts';
import type { Pricer } from '../../../src/session/cost.ts';
import type {
  AgentEvent,
  LlmCallEvent,
  LlmErrorEvent,
  PromptEvent,
  ToolCallEvent,
  ToolDecisionEvent,
  TurnEndEvent,
  UsageTotalEvent,
} from '../../../src/session/event.ts';
import { Recorder } from '../../../src/session/recorder.ts';
import { noUsage, totalTokens, type Usage } from '../../../src/session/usage.ts';

/** Events with everything they need, to be changed where a test cares. Times are small numbers of ms. */

export function usage(counts: Partial<Usage> = {}): Usage {
  return { ...noUsage, inputTokens: 100, outputTokens: 10, ...counts };
}

export function prompt(change: Partial<PromptEvent> = {}): PromptEvent {
  return { kind: 'prompt', sessionId: 's', author: 'person', at: 1000, ...change };
}

export function call(change: Partial<LlmCallEvent> = {}): LlmCallEvent {
  return {
    kind: 'llm_call',
    sessionId: 's',
    callId: 'call-1',
    role: 'main',
    model: 'model-a',
    usage: usage(),
    endedAt: 2000,
    ...change,
  };
}

export function failure(change: Partial<LlmErrorEvent> = {}): LlmErrorEvent {
  return {
    kind: 'llm_error',
    sessionId: 's',
    errorId: 'error-1',
    type: 'rate_limit',
    message: 'slow down',
    at: 1500,
    role: 'main',
    ...change,
  };
}

export function turnEnd(change: Partial<TurnEndEvent> = {}): TurnEndEvent {
  return { kind: 'turn_end', sessionId: 's', startedAt: 1000, endedAt: 5000, ...change };
}

export function decision(change: Partial<ToolDecisionEvent> = {}): ToolDecisionEvent {
  return {
    kind: 'tool_decision',
    sessionId: 's',
    callId: 'tool-1',
    name: 'shell',
    accepted: true,
    byPerson: false,
    at: 3000,
    ...change,
  };
}

export function toolCall(change: Partial<ToolCallEvent> = {}): ToolCallEvent {
  return {
    kind: 'tool_call',
    sessionId: 's',
    callId: 'tool-1',
    name: 'shell',
    success: true,
    endedAt: 4000,
    ...change,
  };
}

export function total(change: Partial<UsageTotalEvent> = {}): UsageTotalEvent {
  return {
    kind: 'usage_total',
    sessionId: 's',
    model: 'model-a',
    role: 'main',
    measure: 'usd',
    value: 1,
    mode: 'set',
    series: 'series-1',
    ...change,
  };
}

/** One thousandth of a dollar a token, whatever the model. */
export const listPrice: Pricer = ({ model, usage }) => ({
  usd: totalTokens(usage) / 1000,
  origin: 'list',
  pricedAs: model,
  estimated: false,
});

/** The user pays half as much. */
export const ownPrice: Pricer = ({ model, usage }) => ({
  usd: totalTokens(usage) / 2000,
  origin: 'override',
  pricedAs: model,
  estimated: false,
});

export function recorded(
  events: readonly AgentEvent[],
  price: Pricer = listPrice,
  prices: ModelPrices = { vendor: 'anthropic' },
): Recorder {
  const recorder = new Recorder(price, prices);
  for (const event of events) recorder.fold(event);
  return recorder;
}

/** The one call of a session that has one. */
export function onlyCall({ session }: Recorder) {
  const [first, ...more] = session.llmCalls.values();
  if (!first || more.length > 0) throw new Error(`${session.llmCalls.size} calls`);
  return first;
}

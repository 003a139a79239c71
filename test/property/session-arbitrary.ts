import fc from 'fast-check';
import type { AgentEvent, Role, UsageTotalEvent } from '../../src/session/event.ts';
import type { Usage } from '../../src/session/usage.ts';
import { call, decision, failure, prompt, toolCall, total } from '../unit/session/events.ts';

const roles: readonly Role[] = ['main', 'subagent', 'utility'];
const models = ['model-a', 'model-b'] as const;

/** Details within what they are details of. */
const anyUsage: fc.Arbitrary<Usage> = fc
  .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000))
  .map(([plain, read, written, short, reasoning]) => ({
    inputTokens: plain + read + written,
    outputTokens: short + reasoning,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    cacheWrite1hTokens: null,
    reasoningTokens: reasoning,
  }));

/** Money in eighths of a cent, so that sums are exact in every order. */
const usd = fc.nat(10_000).map((eighths) => eighths / 8192);
const time = fc.nat(5000);

/** One call: a log of it and sometimes a span, which agree but for what only one of them knows. */
export const calls = fc
  .record({
    usage: anyUsage,
    role: fc.constantFrom(...roles),
    model: fc.constantFrom(...models),
    endedAt: time,
    durationMs: fc.nat(500),
    reportedUsd: usd,
    withSpan: fc.boolean(),
    hiddenRetries: fc.nat(3),
  })
  .map(({ withSpan, reportedUsd, hiddenRetries, ...same }) => (callId: string): AgentEvent[] => [
    call({ ...same, callId, reportedUsd }),
    ...(withSpan ? [call({ ...same, callId, hiddenRetries, traceId: `trace of ${callId}` })] : []),
  ]);

export const others = fc.oneof(
  fc
    .constantFrom('person', 'synthetic', 'helper')
    .map((author) => (id: string) => [prompt({ author, sessionId: id })]),
  time.map((at) => (errorId: string) => [failure({ errorId, at })]),
  fc
    .record({ endedAt: time, durationMs: fc.nat(300), success: fc.boolean() })
    .map((told) => (callId: string) => [
      decision({ callId, at: told.endedAt - told.durationMs }),
      toolCall({ ...told, callId }),
    ]),
  time.map((startedAt) => (sessionId: string): AgentEvent[] => [
    { kind: 'approval_wait', sessionId, startedAt, endedAt: startedAt + 50 },
  ]),
);

const measures = ['usd', 'input', 'output', 'cache_read', 'cache_write'] as const;
const reportedTotals = fc
  .record({
    model: fc.constantFrom(...models),
    role: fc.constantFrom(...roles),
    measure: fc.constantFrom(...measures),
    value: fc.nat(4000),
  })
  .map((told) => (series: string): UsageTotalEvent[] => [total({ ...told, series })]);

export function sessionOf(
  ...kinds: fc.Arbitrary<(id: string) => AgentEvent[]>[]
): fc.Arbitrary<AgentEvent[]> {
  return fc
    .array(fc.oneof(...kinds), { maxLength: 20 })
    .map((makers) => makers.flatMap((make, i) => make(`id-${i}`)));
}

/** In the order in which the parts of a session stand, which is not that of time. */
export const anySession = sessionOf(calls, others, reportedTotals);

import fc from 'fast-check';
import type { AgentEvent, SubagentEvent, ToolCallEvent } from '../../src/session/event.ts';
import { call, decision, prompt, toolCall, turnEnd } from '../unit/session/events.ts';
import { calls, others, sessionOf } from './session-arbitrary.ts';

const time = fc.nat(5000);
const durationMs = fc.nat(500);

function agent(told: Pick<SubagentEvent, 'agentId' | 'startedBy' | 'isAsync'>): SubagentEvent {
  return { kind: 'subagent', sessionId: 's', ...told };
}

/** A prompt in the person's session; some CLIs tell a key of the turn, some its end. */
const turns = fc
  .record({
    at: time,
    author: fc.constantFrom('person', 'synthetic'),
    hasKey: fc.boolean(),
    lasts: fc.option(fc.integer({ min: 1, max: 1500 })),
    usd: fc.option(fc.nat(8000)),
  })
  .map(({ at, author, hasKey, lasts, usd }) => (id: string): AgentEvent[] => {
    const origin = { traceId: `trace of ${id}`, ...(hasKey && { turnKey: `key of ${id}` }) };
    const end = turnEnd({ ...origin, turnId: id, startedAt: at, endedAt: at + (lasts ?? 0) });
    return [
      prompt({ ...origin, at, author }),
      ...(lasts === null ? [] : [end]),
      ...(usd === null
        ? []
        : [{ kind: 'turn_cost', sessionId: 's', turnId: id, usd: usd / 8192 } satisfies AgentEvent]),
    ];
  });

const inside = fc.record({ endedAt: time, durationMs });

/** A sub-agent with a call and a tool, perhaps one that starts another; and one of which no record tells the start. */
const agents = fc
  .record({ starter: inside, call: inside, tool: inside, startsAnother: fc.boolean(), isAsync: fc.boolean() })
  .map((told) => (id: string): AgentEvent[] => [
    toolCall({ ...told.starter, callId: `starter of ${id}` }),
    agent({ agentId: `${id} a`, startedBy: `starter of ${id}`, isAsync: told.isAsync }),
    call({ ...told.call, callId: `call of ${id}`, role: 'subagent', agentId: `${id} a` }),
    toolCall({ ...told.tool, callId: `tool of ${id}`, agentId: `${id} a` }),
    ...(told.startsAnother ? [agent({ agentId: `${id} b`, startedBy: `tool of ${id}` })] : []),
    call({ ...told.tool, callId: `other of ${id}`, role: 'subagent', agentId: `${id} b` }),
    call({ ...told.starter, callId: `stray of ${id}`, role: 'subagent', agentId: 'stray' }),
  ]);

/** Tools that were broken off, that waited or that other code called; summaries; hidden threads. */
const rarities = fc.oneof(
  time.map((at) => (callId: string) => [decision({ callId, at })]),
  time.map((at) => (callId: string) => [decision({ callId, at, accepted: false, byPerson: true })]),
  fc
    .record({ endedAt: time, durationMs, waitMs: fc.nat(300) })
    .map(({ endedAt, durationMs, waitMs }) => (callId: string): AgentEvent[] => [
      decision({ callId, at: endedAt - durationMs, byPerson: true }),
      toolCall({ callId, endedAt, durationMs, totalMs: durationMs + waitMs }),
    ]),
  fc
    .record({ endedAt: time, durationMs, nesting: fc.constantFrom('container', 'nested') })
    .map((told) => (callId: string) => [toolCall({ ...told, callId })]),
  fc
    .record({ startedAt: time, durationMs })
    .map(({ startedAt, durationMs }) => (callId: string): AgentEvent[] => {
      const endedAt = startedAt + durationMs;
      return [
        // In one request with the call that made it: what is told of later does not move what has left.
        { kind: 'compaction', sessionId: 's', startedAt, endedAt },
        call({ callId, role: 'utility', endedAt, durationMs }),
      ];
    }),
  time.map((endedAt) => (id: string): AgentEvent[] => [
    { kind: 'session', sessionId: id, helper: true },
    call({ sessionId: id, callId: id, role: 'utility', endedAt }),
  ]),
);

/** A session with all that spans are made of, in no order at all. */
export const anyConversation = sessionOf(turns, calls, others, agents, rarities);

/**
 * One person's conversation in order of time, as a CLI would tell it that has one exporter; what has no time comes last. With
 * a second conversation, what is done in one before its first prompt may have left with a turn of the other.
 */
export const orderlyConversation = anyConversation.map((events) =>
  events
    .filter((event) => event.kind !== 'prompt' || event.sessionId === 's')
    .filter((event) => !isNesting(event) || isWithinTurn(event, events))
    .toSorted((a, b) => timeOf(a) - timeOf(b) || rankOf(a) - rankOf(b)),
);

function isNesting(event: AgentEvent): event is ToolCallEvent {
  return event.kind === 'tool_call' && event.nesting !== undefined;
}

/** What is told after its turn's end is not waited for: then a tool may have left before the one that it is in is known. */
function isWithinTurn({ endedAt, durationMs = 0 }: ToolCallEvent, events: readonly AgentEvent[]): boolean {
  const startedAt = endedAt - durationMs;
  const isFollowed = (time: number) =>
    events.some((event) => event.kind === 'prompt' && event.at >= time && event.at <= startedAt);
  return events.every(
    (event) => event.kind !== 'turn_end' || event.endedAt >= endedAt || isFollowed(event.endedAt),
  );
}

/** Of what happens at the same time: a prompt begins what follows, and what contains others ends after them. */
function rankOf(event: AgentEvent): number {
  if (event.kind === 'prompt') return 0;
  return event.kind === 'tool_call' && event.nesting === 'container' ? 2 : 1;
}

function timeOf(event: AgentEvent): number {
  if (event.kind === 'session') return 0;
  if ('at' in event) return event.at;
  if (event.kind === 'subagent') return event.startedAt ?? 0;
  return 'endedAt' in event ? event.endedAt : Number.POSITIVE_INFINITY;
}

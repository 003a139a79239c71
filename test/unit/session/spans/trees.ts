import type { AgentEvent, CompactionEvent, SubagentEvent } from '../../../../src/session/event.ts';
import { OpenItems } from '../../../../src/session/spans/open-items.ts';
import type { SpanNode } from '../../../../src/session/spans/span.ts';
import { spanTree } from '../../../../src/session/spans/tree.ts';
import { call, recorded, toolCall } from '../events.ts';

export const agent = (change: Partial<SubagentEvent> = {}): SubagentEvent => ({
  kind: 'subagent',
  sessionId: 's',
  agentId: 'a',
  ...change,
});
export const compaction = (change: Partial<CompactionEvent> = {}): CompactionEvent => ({
  kind: 'compaction',
  sessionId: 's',
  startedAt: 2000,
  endedAt: 3000,
  ...change,
});
/** A call that was under way from then to then. */
export function callAt(callId: string, [startedAt, endedAt]: [number, number], change = {}) {
  return call({ callId, endedAt, durationMs: endedAt - startedAt, ...change });
}
/** A tool that ran from then to then. */
export function toolAt(callId: string, [startedAt, endedAt]: [number, number], change = {}) {
  return toolCall({ callId, endedAt, durationMs: endedAt - startedAt, ...change });
}

export function treeOf(events: readonly AgentEvent[], closedAt: number | null = null): Map<string, SpanNode> {
  return new Map(spanTree(new OpenItems(recorded(events)).all(), closedAt).map((node) => [node.key, node]));
}

/** The key of each span's parent, by the span's own. */
export function parentsIn(tree: ReadonlyMap<string, SpanNode>): Record<string, string | null> {
  return Object.fromEntries([...tree].map(([key, { parent }]) => [key, parent]));
}

/** The keys of the spans that may leave. */
export function finalIn(events: readonly AgentEvent[], closedAt: number | null = null): string[] {
  return [...treeOf(events, closedAt)].flatMap(([key, { isFinal }]) => (isFinal ? [key] : [])).sort();
}

import type { Origin, UnixMs } from '../event.ts';
import { groupBy } from '../group-by.ts';
import type { Compaction, LlmCall, LlmError, Subagent, ToolCall, Wait } from '../session.ts';
import { deepest, type PromptedTurn } from '../turns.ts';
import { Containers } from './containers.ts';
import type { Open } from './open-items.ts';
import { rootKey, type SpanNode, type SpanPlace, spanKeys } from './span.ts';
import { startOf, Threads, toolTime } from './threads.ts';

/**
 * What is open of a session as spans: turns, and below them LLM calls, tool calls with their waits, sub-agents and compactions.
 * `isFinal` tells which may leave.
 * @param closedAt when the CLI ended, Unix ms; null while it runs. What has not ended then is cut off there.
 */
export function spanTree(open: Open, closedAt: UnixMs | null): SpanNode[] {
  return new Tree(open, closedAt).nodes();
}

class Tree {
  readonly #open: Open;
  readonly #closedAt: UnixMs | null;
  readonly #calls: readonly LlmCall[];
  readonly #tools: readonly ToolCall[];
  readonly #waits: readonly Wait[];
  readonly #threads: Threads;
  readonly #containers: Containers;
  /** By `callId` of the LLM call that asked for them. */
  readonly #asked: Map<string | undefined, ToolCall[]>;

  constructor(open: Open, closedAt: UnixMs | null) {
    this.#open = open;
    this.#closedAt = closedAt;
    this.#calls = open.calls;
    this.#tools = open.tools;
    this.#waits = open.waits;
    this.#threads = new Threads(this.#calls, this.#waits);
    this.#containers = new Containers(this.#tools);
    this.#asked = groupBy(this.#tools, (tool) => this.#threads.askerOf(tool));
  }

  nodes(): SpanNode[] {
    const { errors, compactions, turns } = this.#open;
    const tools = new Map(this.#tools.map((tool) => [tool.callId, this.#tool(tool)]));
    const below = [
      ...this.#calls.map((call) => this.#llmCall(call)),
      ...errors.map((error) => this.#llmError(error)),
      ...tools.values(),
      ...this.#waits.map((wait) => this.#wait(wait, tools)),
      ...compactions.map((compaction) => this.#compaction(compaction)),
    ];
    const byParent = groupBy(below, ({ parent }) => parent);
    const agents = this.#open.agents.map((agent) =>
      this.#subagent(agent, byParent.get(spanKeys.subagent(agent.agentId)) ?? []),
    );
    const nodes = withinTurns([...below, ...agents]);
    const byTurn = groupBy(nodes, ({ turn }) => turn);
    return [...turns.map((turn) => this.#turn(turn, byTurn.get(turn) ?? [])), ...nodes];
  }

  #llmCall(call: LlmCall): SpanNode {
    const place = this.#place(call, call.endedAt, spanKeys.llmCall(call.callId));
    const asked = this.#asked.get(call.callId) ?? [];
    return {
      ...place,
      parent: this.#compactionAround(call) ?? place.parent,
      startedAt: startOf(call),
      endedAt: call.endedAt,
      cutOff: false,
      isFinal:
        this.#isPlaced(call) &&
        (call.role === 'utility' ||
          this.#isOver(call, place.turn) ||
          this.#threads.after(call, call.endedAt, call.callId) !== undefined),
      links: asked.map((tool) => placeOnly(this.#toolPlace(tool))),
      subject: { kind: 'llm_call', call },
    };
  }

  #llmError(error: LlmError): SpanNode {
    const { at, durationMs = 0 } = error;
    return {
      ...this.#place(error, at, spanKeys.llmError(error.errorId)),
      startedAt: at - durationMs,
      endedAt: at,
      cutOff: false,
      isFinal: this.#isPlaced(error),
      links: [],
      subject: { kind: 'llm_error', error },
    };
  }

  #tool(tool: ToolCall): SpanNode {
    const place = this.#toolPlace(tool);
    const container = this.#containers.around(tool);
    const reader = this.#threads.readerOf(tool);
    const isOver = this.#isOver(tool, place.turn);
    const cutOff = !tool.finished && !tool.rejected;
    const { startedAt, endedAt } = toolTime(tool);
    const isRead = tool.nesting === 'nested' ? container !== undefined : reader !== undefined;
    return {
      ...place,
      parent: container ? spanKeys.tool(container.callId) : place.parent,
      startedAt,
      endedAt: cutOff ? Math.max(endedAt, place.turn?.end?.endedAt ?? this.#closedAt ?? endedAt) : endedAt,
      cutOff,
      isFinal: this.#isPlaced(tool) && (isOver || (!cutOff && isRead)),
      links: reader ? [placeOnly(this.#place(reader, reader.endedAt, spanKeys.llmCall(reader.callId)))] : [],
      subject: { kind: 'tool_call', tool, parentCallId: container?.callId ?? null },
    };
  }

  #wait(wait: Wait, tools: ReadonlyMap<string, SpanNode>): SpanNode {
    const { startedAt, endedAt, callId = '' } = wait;
    // It may be done while this was not told of yet.
    const tool = this.#open.session.tools.get(callId) ?? null;
    const subject = { kind: 'approval_wait', wait, tool } as const;
    const own = { key: spanKeys.wait(wait), startedAt, endedAt, cutOff: false, links: [], subject };
    if (tool) {
      const { turn, key: parent } = this.#toolPlace(tool);
      return { ...own, turn, parent, isFinal: tools.get(callId)?.isFinal ?? true };
    }
    const turn = this.#open.allTurns.at(endedAt);
    return { ...own, turn, parent: rootKey, isFinal: this.#closedAt !== null || turn?.end != null };
  }

  #compaction(compaction: Compaction): SpanNode {
    const { startedAt, endedAt } = compaction;
    const place = this.#place(compaction, endedAt, spanKeys.compaction(compaction));
    const subject = { kind: 'compaction', compaction } as const;
    return { ...place, startedAt, endedAt, cutOff: false, isFinal: true, links: [], subject };
  }

  #subagent(agent: Subagent, inside: readonly SpanNode[]): SpanNode {
    const key = spanKeys.subagent(agent.agentId);
    const starter = this.#starterOf(agent);
    const { turn } = this.#place({ ...agent, agentId: agent.agentId }, this.#agentTime(agent, inside), key);
    const begun = agent.startedAt ?? Math.min(...inside.map(({ startedAt }) => startedAt));
    const ended = agent.endedAt ?? Math.max(...inside.map(({ endedAt }) => endedAt));
    const startedAt = Number.isFinite(begun) ? begun : (starter?.endedAt ?? ended);
    return {
      turn,
      key,
      parent: starter ? spanKeys.tool(starter.callId) : rootKey,
      startedAt,
      endedAt: Math.max(startedAt, Number.isFinite(ended) ? ended : startedAt),
      cutOff: agent.endedAt === undefined && this.#closedAt !== null && agent.isAsync === true,
      isFinal: this.#isPlaced(agent) && this.#isOver(agent, turn),
      links: [],
      subject: { kind: 'subagent', agent, calls: callsIn(inside) },
    };
  }

  #turn(turn: PromptedTurn, inside: readonly SpanNode[]): SpanNode {
    const { prompt, end } = turn;
    const last = Math.max(prompt.at, ...inside.map(({ endedAt }) => endedAt));
    return {
      turn,
      key: rootKey,
      parent: null,
      startedAt: Math.min(end?.startedAt ?? prompt.at, ...inside.map(({ startedAt }) => startedAt)),
      endedAt: end?.endedAt ?? last,
      cutOff: end === null && inside.some(({ cutOff }) => cutOff),
      isFinal: this.#closedAt !== null || end !== null || !this.#open.allTurns.isLast(turn),
      links: [],
      subject: {
        kind: 'turn',
        turn,
        calls: callsIn(inside).sort((a, b) => a.endedAt - b.endedAt),
        errors: inside
          .flatMap(({ subject }) => (subject.kind === 'llm_error' ? [subject.error] : []))
          .sort((a, b) => a.at - b.at),
        waits: inside.flatMap(({ subject }) => (subject.kind === 'approval_wait' ? [subject.wait] : [])),
      },
    };
  }

  #place(origin: Origin, at: UnixMs, key: string): SpanPlace & { parent: string } {
    const turn = this.#open.allTurns.of(origin, at);
    const { agentId } = origin;
    return { turn, key, parent: agentId === undefined ? rootKey : spanKeys.subagent(agentId) };
  }

  #toolPlace(tool: ToolCall): SpanPlace & { parent: string } {
    return this.#place(tool, tool.decidedAt ?? tool.endedAt, spanKeys.tool(tool.callId));
  }

  #compactionAround(call: LlmCall): string | undefined {
    if (call.role !== 'utility') return undefined;
    const around = this.#open.session.compactions.find(
      ({ sessionId, startedAt, endedAt }) =>
        sessionId === call.sessionId && startedAt <= startOf(call) && call.endedAt <= endedAt,
    );
    return around && spanKeys.compaction(around);
  }

  #agentTime({ startedAt, endedAt }: Subagent, inside: readonly SpanNode[]): UnixMs {
    return endedAt ?? startedAt ?? inside[0]?.endedAt ?? this.#closedAt ?? 0;
  }

  /** Is it known which turn it belongs to? */
  #isPlaced(origin: Origin): boolean {
    const outermost = this.#agentsAround(origin).at(-1);
    return outermost === undefined || this.#closedAt !== null || this.#starterOf(outermost) !== undefined;
  }

  /** Will its conversation go on? */
  #isOver(origin: Origin, turn: PromptedTurn | null): boolean {
    if (this.#closedAt !== null) return true;
    const agents = this.#agentsAround(origin);
    return agents[0]?.endedAt !== undefined || (turn?.end != null && !agents.some(({ isAsync }) => isAsync));
  }

  /** The sub-agent that something was done in, the one that started it, and so on. */
  #agentsAround({ sessionId, agentId }: Origin): Subagent[] {
    const agents: Subagent[] = [];
    let around = agentId;
    while (around !== undefined && agents.length < deepest) {
      const agent = this.#open.session.subagents.get(around) ?? { sessionId, agentId: around };
      agents.push(agent);
      around = this.#starterOf(agent)?.agentId;
    }
    return agents;
  }

  #starterOf({ startedBy = '' }: Subagent): ToolCall | undefined {
    return this.#open.session.tools.get(startedBy);
  }
}

/** A span and its parent are of one trace: where a prompt was given in between, the span is below its own turn. */
function withinTurns(nodes: readonly SpanNode[]): SpanNode[] {
  const turns = new Map(nodes.map(({ key, turn }) => [key, turn]));
  return nodes.map((node) => {
    const above = node.parent === null ? undefined : turns.get(node.parent);
    return above === undefined || above === node.turn ? node : { ...node, parent: rootKey };
  });
}

function placeOnly({ turn, key }: SpanPlace): SpanPlace {
  return { turn, key };
}

function callsIn(nodes: readonly SpanNode[]): LlmCall[] {
  return nodes.flatMap(({ subject }) => (subject.kind === 'llm_call' ? [subject.call] : []));
}

import { Arrivals } from '../arrivals.ts';
import type { Origin } from '../event.ts';
import type { Recorder } from '../recorder.ts';
import type { Hold, Item } from '../retirement.ts';
import type { Compaction, LlmCall, LlmError, Session, Subagent, ToolCall, Wait } from '../session.ts';
import type { PromptedTurn, Turns } from '../turns.ts';
import { PlacedItems } from './placed-items.ts';
import type { SpanSubject } from './span.ts';

/** What a tree of spans is made of. */
export interface Open {
  readonly session: Session;
  readonly allTurns: Turns;
  readonly calls: readonly LlmCall[];
  readonly errors: readonly LlmError[];
  readonly tools: readonly ToolCall[];
  readonly waits: readonly Wait[];
  readonly compactions: readonly Compaction[];
  readonly turns: readonly PromptedTurn[];
  readonly agents: readonly Subagent[];
}

/** What of a session may still become a span or change one: all that was told of, but for what is closed. */
export class OpenItems {
  readonly #recorder: Recorder;
  readonly #hold: Hold;
  readonly #session: Session;
  readonly #allTurns: Turns;
  readonly #calls: PlacedItems<string>;
  readonly #errors: PlacedItems<string>;
  readonly #tools: PlacedItems<string>;
  readonly #waits: PlacedItems<Wait>;
  readonly #compactions: PlacedItems<Compaction>;
  readonly #turns: PlacedItems<PromptedTurn>;
  readonly #told: PlacedItems<string>;
  /** Sub-agents of which only calls, errors or tools are known. */
  readonly #strays = new Map<string, Subagent>();
  readonly #closedAgents = new Set<string>();
  /** The last turn of the last part. */
  #last: PromptedTurn | null = null;

  constructor(recorder: Recorder) {
    const { session, turns } = recorder;
    this.#recorder = recorder;
    this.#hold = recorder.hold();
    const { news } = this.#hold;
    const { llmCalls, errors, tools, waits, compactions, subagents } = session;
    this.#session = session;
    this.#allTurns = turns;
    const ofList = <T>(list: readonly T[], turnOf: (item: T) => PromptedTurn | null) =>
      new PlacedItems(new Arrivals(list, () => list.length), turnOf);
    this.#calls = new PlacedItems(news.llm_call, (id) => this.#turnOfCall(llmCalls.get(id)));
    this.#errors = new PlacedItems(news.llm_error, (id) => this.#turnOfError(errors.get(id)));
    this.#tools = new PlacedItems(news.tool_call, (id) => this.#turnOfTool(tools.get(id)));
    this.#waits = ofList(waits, (wait) => this.#turnOfWait(wait));
    this.#compactions = ofList(compactions, (each) => turns.of(each, each.endedAt));
    this.#told = new PlacedItems(new Arrivals(subagents.keys(), () => subagents.size), (id) =>
      this.#turnOfAgent(subagents.get(id)),
    );
    // Prompts become turns when the list is asked for.
    this.#turns = new PlacedItems(new Arrivals(turns.told, () => turns.list.length), (turn) => turn);
  }

  /** Calls and tools. */
  get size(): number {
    return this.#calls.size + this.#tools.size;
  }

  /** All of it. */
  all(): Open {
    return this.#open((items) => items.all, null);
  }

  /**
   * All of it, or where that is more than can be looked at in one go, what belongs to some turns and to none: to others the next time.
   * @param limit of calls and tools, about
   */
  part(limit: number): { open: Open; isAll: boolean } {
    if (this.size <= limit) return { open: this.all(), isAll: true };
    // They are read, lest one that came since is looked for in vain.
    for (const items of [this.#errors, this.#waits, this.#compactions, this.#turns, this.#told])
      void items.size;
    const chosen = new Set<PromptedTurn | null>([...this.#someTurns(limit), null]);
    return { open: this.#open((items) => items.of(chosen), chosen), isAll: false };
  }

  /** It has left, and all that belongs to it: what was said in it is needed no more. */
  close(subject: SpanSubject): void {
    switch (subject.kind) {
      case 'turn':
        this.#turns.close(subject.turn);
        break;
      case 'llm_call':
        this.#release(this.#calls, { kind: 'llm_call', id: subject.call.callId });
        break;
      case 'llm_error':
        this.#release(this.#errors, { kind: 'llm_error', id: subject.error.errorId });
        break;
      case 'tool_call':
        this.#release(this.#tools, { kind: 'tool_call', id: subject.tool.callId });
        break;
      case 'approval_wait':
        this.#waits.close(subject.wait);
        break;
      case 'compaction':
        this.#compactions.close(subject.compaction);
        break;
      case 'subagent': {
        const { agentId } = subject.agent;
        this.#told.close(agentId);
        this.#strays.delete(agentId);
        // It may be told of later than what was done in it.
        this.#closedAgents.add(agentId);
      }
    }
  }

  #release(items: PlacedItems<string>, item: Item): void {
    items.close(item.id);
    this.#recorder.forgetContent(item);
    this.#hold.release(item);
  }

  #open(
    taken: <T>(items: PlacedItems<T>) => readonly T[],
    turns: ReadonlySet<PromptedTurn | null> | null,
  ): Open {
    const { llmCalls, errors, tools, subagents } = this.#session;
    const open = {
      session: this.#session,
      allTurns: this.#allTurns,
      calls: found(taken(this.#calls), llmCalls),
      errors: found(taken(this.#errors), errors),
      tools: found(taken(this.#tools), tools),
      waits: taken(this.#waits),
      compactions: taken(this.#compactions),
      turns: taken(this.#turns),
    };
    for (const origin of [...open.calls, ...open.errors, ...open.tools]) this.#stray(origin);
    const told = found(taken(this.#told), subagents).filter(
      ({ agentId }) => !this.#closedAgents.has(agentId),
    );
    const strays = [...this.#strays.values()].filter(
      (agent) => !subagents.has(agent.agentId) && (turns === null || turns.has(this.#turnOfAgent(agent))),
    );
    return { ...open, agents: [...told, ...strays] };
  }

  /**
   * The next turns, as many as hold so many calls and tools, and two at least. The last of them is the next time's first: where no end
   * of a turn is told, only the next turn tells that its last call was the last. Once that has been closed, the oldest are next.
   */
  #someTurns(limit: number): PromptedTurn[] {
    const turns = this.#turns.all;
    const last = this.#last ? turns.indexOf(this.#last) : 0;
    const begin = last < turns.length - 1 ? Math.max(0, last) : 0;
    let end = begin;
    for (let held = 0; end < turns.length && (held <= limit || end - begin < 2); end += 1) {
      const turn = turns[end] ?? null;
      held += this.#calls.sizeOf(turn) + this.#tools.sizeOf(turn);
    }
    this.#last = turns[end - 1] ?? null;
    return turns.slice(begin, end);
  }

  #stray({ sessionId, turnKey, agentId }: Origin): void {
    if (agentId === undefined || this.#strays.has(agentId) || this.#closedAgents.has(agentId)) return;
    this.#strays.set(agentId, { sessionId, agentId, ...(turnKey && { turnKey }) });
  }

  #turnOfCall(call: LlmCall | undefined): PromptedTurn | null {
    return call ? this.#allTurns.of(call, call.endedAt) : null;
  }

  #turnOfError(error: LlmError | undefined): PromptedTurn | null {
    return error ? this.#allTurns.of(error, error.at) : null;
  }

  #turnOfTool(tool: ToolCall | undefined): PromptedTurn | null {
    return tool ? this.#allTurns.of(tool, tool.decidedAt ?? tool.endedAt) : null;
  }

  #turnOfWait({ callId = '', endedAt }: Wait): PromptedTurn | null {
    const tool = this.#session.tools.get(callId);
    return tool ? this.#turnOfTool(tool) : this.#allTurns.at(endedAt);
  }

  #turnOfAgent(agent: Subagent | undefined): PromptedTurn | null {
    if (!agent) return null;
    const starter = this.#session.tools.get(agent.startedBy ?? '');
    return this.#allTurns.of(agent, agent.endedAt ?? agent.startedAt ?? starter?.endedAt ?? 0);
  }
}

function found<T>(ids: readonly string[], all: ReadonlyMap<string, T>): T[] {
  return ids.flatMap((id) => all.get(id) ?? []);
}

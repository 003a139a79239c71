import type { Origin } from '../event.ts';
import { OpenList } from '../open-list.ts';
import type { Compaction, LlmCall, LlmError, Session, Subagent, ToolCall, Wait } from '../session.ts';
import type { PromptedTurn, Turns } from '../turns.ts';
import type { SpanSubject } from './span.ts';

/** What of a session may still become a span or change one: all that was told of, but for what is closed. */
export class OpenItems {
  readonly session: Session;
  readonly allTurns: Turns;
  readonly #calls: OpenList<string>;
  readonly #errors: OpenList<string>;
  readonly #tools: OpenList<string>;
  readonly #waits: OpenList<Wait>;
  readonly #compactions: OpenList<Compaction>;
  readonly #turns: OpenList<PromptedTurn>;
  readonly #told: OpenList<string>;
  /** Sub-agents of which only calls, errors or tools are known. */
  readonly #strays = new Map<string, Subagent>();
  readonly #closedAgents = new Set<string>();

  /** @param of the recorder of the session */
  constructor({ session, turns }: { session: Session; turns: Turns }) {
    const { llmCalls, errors, tools, waits, compactions, subagents } = session;
    this.session = session;
    this.allTurns = turns;
    this.#calls = new OpenList(llmCalls.keys(), () => llmCalls.size);
    this.#errors = new OpenList(errors.keys(), () => errors.size);
    this.#tools = new OpenList(tools.keys(), () => tools.size);
    this.#waits = new OpenList(waits, () => waits.length);
    this.#compactions = new OpenList(compactions, () => compactions.length);
    this.#turns = new OpenList(turns.told, () => turns.list.length);
    this.#told = new OpenList(subagents.keys(), () => subagents.size);
  }

  get calls(): LlmCall[] {
    return found(this.#calls, this.session.llmCalls);
  }

  get errors(): LlmError[] {
    return found(this.#errors, this.session.errors);
  }

  get tools(): ToolCall[] {
    return found(this.#tools, this.session.tools);
  }

  get waits(): Wait[] {
    return [...this.#waits.items];
  }

  get compactions(): Compaction[] {
    return [...this.#compactions.items];
  }

  get turns(): PromptedTurn[] {
    return [...this.#turns.items];
  }

  /** All that are told of, and those in which something was done. */
  get agents(): Subagent[] {
    const { subagents } = this.session;
    for (const origin of [...this.calls, ...this.errors, ...this.tools]) this.#stray(origin);
    const told = found(this.#told, subagents).filter(({ agentId }) => !this.#closedAgents.has(agentId));
    return [...told, ...[...this.#strays.values()].filter(({ agentId }) => !subagents.has(agentId))];
  }

  /** It has left, and all that belongs to it. */
  close(subject: SpanSubject): void {
    switch (subject.kind) {
      case 'turn':
        this.#turns.close(subject.turn);
        break;
      case 'llm_call':
        this.#calls.close(subject.call.callId);
        break;
      case 'llm_error':
        this.#errors.close(subject.error.errorId);
        break;
      case 'tool_call':
        this.#tools.close(subject.tool.callId);
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

  #stray({ sessionId, turnKey, agentId }: Origin): void {
    if (agentId === undefined || this.#strays.has(agentId) || this.#closedAgents.has(agentId)) return;
    this.#strays.set(agentId, { sessionId, agentId, ...(turnKey && { turnKey }) });
  }
}

function found<T>(open: OpenList<string>, all: ReadonlyMap<string, T>): T[] {
  return [...open.items].flatMap((id) => all.get(id) ?? []);
}

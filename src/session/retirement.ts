import { Inbox, type News } from './arrivals.ts';
import type { AgentEvent } from './event.ts';
import { IdSet } from './id-set.ts';
import type { ItemKind, Session } from './session.ts';

/** A call, a failed attempt or a tool call, by the id that joins its records. */
export interface Item {
  kind: ItemKind;
  id: string;
}

/** What a record tells of; null for what is no such item. */
export function itemOf(event: AgentEvent): Item | null {
  switch (event.kind) {
    case 'llm_call':
      return { kind: 'llm_call', id: event.callId };
    case 'llm_error':
      return { kind: 'llm_error', id: event.errorId };
    case 'tool_call':
    case 'tool_decision':
      return { kind: 'tool_call', id: event.callId };
    default:
      return null;
  }
}

/** One who looks at the items of a session. */
export interface Hold {
  /** The ids of those that were told of for the first time since it was asked last. */
  readonly news: Readonly<Record<ItemKind, News<string>>>;
  /** This one needs it no more; said once of each. */
  release(item: Item): void;
}

/**
 * How many of those that nobody needs any more are kept for records that come late: a call of the model takes a second or more, and
 * the slowest exporter of a CLI sends every 5 s (facts/gemini.md §3).
 */
const keptForLateRecords = 1000;

/**
 * Lets calls, failures and tools go that nothing more is told of, so that a long session takes no more memory than a short one: of
 * each only its id and its part in the figures are kept.
 */
export class Retirement {
  readonly #session: Session;
  readonly #kept: number;
  readonly #holders: Record<ItemKind, Inbox<string>>[] = [];
  /** By how many of them each was released that is still held by others. */
  readonly #releases = new Map<string, number>();
  /** Released by all, the first of them first. */
  readonly #released = new Set<Item>();
  readonly #retired = new IdSet();

  constructor(session: Session, kept = keptForLateRecords) {
    this.#session = session;
    this.#kept = kept;
  }

  /** For one more who looks at the items, all there are and will be: none retires that this one has not released. */
  hold(): Hold {
    const { llmCalls, errors, tools } = this.#session;
    const news = {
      llm_call: new Inbox(llmCalls.keys()),
      llm_error: new Inbox(errors.keys()),
      tool_call: new Inbox(tools.keys()),
    };
    this.#holders.push(news);
    return { news, release: (item) => this.#release(item) };
  }

  /** It was told of for the first time. */
  told({ kind, id }: Item): void {
    for (const news of this.#holders) news[kind].put(id);
  }

  has(item: Item): boolean {
    return this.#retired.has(keyOf(item));
  }

  #release(item: Item): void {
    const key = keyOf(item);
    const releases = (this.#releases.get(key) ?? 0) + 1;
    if (releases < this.#holders.length) {
      this.#releases.set(key, releases);
      return;
    }
    this.#releases.delete(key);
    this.#released.add(item);
    const [first] = this.#released;
    if (!first || this.#released.size <= this.#kept) return;
    this.#released.delete(first);
    this.#retire(first);
  }

  #retire({ kind, id }: Item): void {
    const { llmCalls, errors, tools, retired } = this.#session;
    switch (kind) {
      case 'llm_call': {
        const call = llmCalls.get(id);
        if (call) retired.addCall(call);
        llmCalls.delete(id);
        break;
      }
      case 'llm_error': {
        const error = errors.get(id);
        if (error) retired.addError(error);
        errors.delete(id);
        break;
      }
      case 'tool_call': {
        // What is done in a sub-agent belongs where the tool is that started it.
        if (this.#hasStarted(id)) return;
        const tool = tools.get(id);
        if (tool) retired.addTool(tool);
        tools.delete(id);
      }
    }
    this.#retired.add(keyOf({ kind, id }));
  }

  #hasStarted(toolId: string): boolean {
    for (const { startedBy } of this.#session.subagents.values()) if (startedBy === toolId) return true;
    return false;
  }
}

function keyOf({ kind, id }: Item): string {
  return `${kind}|${id}`;
}

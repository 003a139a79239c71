import type { Origin, PromptEvent, TurnEndEvent, UnixMs } from './event.ts';
import { groupBy } from './group-by.ts';
import type { Session, ToolCall } from './session.ts';

/** A prompt, given by a person or made up by the CLI, and all that was done for it. */
export interface PromptedTurn {
  /** The same whenever and however often this turn is looked at. */
  key: string;
  /** 1 for the first of the run. */
  index: number;
  prompt: PromptEvent;
  /** null while it goes on, and for ever where the CLI does not tell an end (Gemini, headless). */
  end: TurnEndEvent | null;
}

/** How deep sub-agents may start each other. */
export const deepest = 16;

/** The turns of a session, which may go on: they are made anew when there is another prompt or the end of one. */
export class Turns {
  readonly #session: Session;
  #list: readonly PromptedTurn[] = [];
  /** By session, and by session and native key or trace of the turn. In order of time. */
  #found: ReadonlyMap<string, readonly PromptedTurn[]> = new Map();
  #prompts = 0;
  #ends = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** In order of time. Hidden threads have prompts too; those are no turns. */
  get list(): readonly PromptedTurn[] {
    const { prompts, turnEnds } = this.#session;
    if (prompts.length !== this.#prompts || turnEnds.length !== this.#ends) {
      this.#prompts = prompts.length;
      this.#ends = turnEnds.length;
      this.#index();
    }
    return this.#list;
  }

  /**
   * The turn that something belongs to: that of the tool call which started its sub-agent; else the one with its key; else the
   * one in its native trace; else the last one that had begun by then, in its own session or, for hidden threads, in any. null
   * for what came before any prompt.
   * @param at when it ended
   */
  of(origin: Origin, at: UnixMs): PromptedTurn | null {
    const { list } = this;
    const place = this.#placeOf(origin, at);
    const { sessionId, turnKey, traceId } = place.origin;
    const keyed = this.#in(sessionId, 'key', turnKey);
    if (keyed.length > 0) return lastBefore(keyed, place.at) ?? keyed[0] ?? null;
    const traced = this.#in(sessionId, 'trace', traceId);
    // With a trace from outside all turns are in that one.
    if (traced.length === 1) return traced[0] ?? null;
    const isHidden = this.#session.ids.get(sessionId)?.helper ?? true;
    return lastBefore(isHidden ? list : this.#in(sessionId, 'session', ''), place.at);
  }

  /** What is done in a sub-agent is done where the sub-agent was started. */
  #placeOf(origin: Origin, at: UnixMs): { origin: Origin; at: UnixMs } {
    let place = { origin, at };
    for (let depth = 0; depth < deepest; depth += 1) {
      const starter = this.#starterOf(place.origin.agentId);
      if (!starter) break;
      place = { origin: starter, at: starter.decidedAt ?? starter.endedAt };
    }
    return place;
  }

  /** The tool call that started a sub-agent, once it is known. */
  #starterOf(agentId: string | undefined): ToolCall | undefined {
    const startedBy = agentId === undefined ? undefined : this.#session.subagents.get(agentId)?.startedBy;
    return startedBy === undefined ? undefined : this.#session.tools.get(startedBy);
  }

  #in(sessionId: string, what: Index, value: string | undefined): readonly PromptedTurn[] {
    return (value !== undefined && this.#found.get(indexKey(sessionId, what, value))) || [];
  }

  #index(): void {
    this.#list = turnsOf(this.#session);
    const keys = this.#list.flatMap((turn) => indexKeysOf(turn.prompt).map((key) => ({ key, turn })));
    const groups = groupBy(keys, ({ key }) => key);
    this.#found = new Map([...groups].map(([key, entries]) => [key, entries.map(({ turn }) => turn)]));
  }
}

type Index = 'session' | 'key' | 'trace';

function indexKey(sessionId: string, what: Index, value: string): string {
  return `${what}|${sessionId}|${value}`;
}

function indexKeysOf({ sessionId, turnKey, traceId }: PromptEvent): string[] {
  return [
    indexKey(sessionId, 'session', ''),
    ...(turnKey === undefined ? [] : [indexKey(sessionId, 'key', turnKey)]),
    ...(traceId === undefined ? [] : [indexKey(sessionId, 'trace', traceId)]),
  ];
}

function turnsOf({ prompts, turnEnds }: Session): PromptedTurn[] {
  return prompts
    .filter(({ author }) => author !== 'helper')
    .toSorted((a, b) => a.at - b.at)
    .map((prompt, i) => ({
      key: ['turn', prompt.sessionId, prompt.turnKey ?? '', prompt.at].join('|'),
      index: i + 1,
      prompt,
      end: turnEnds.find((end) => isEndOf(end, prompt)) ?? null,
    }));
}

/** The CLI writes the prompt down while the turn is under way, so its record lies within. */
function isEndOf({ sessionId, startedAt, endedAt }: TurnEndEvent, { at, ...prompt }: PromptEvent): boolean {
  return sessionId === prompt.sessionId && startedAt <= at && at <= endedAt;
}

function lastBefore(turns: readonly PromptedTurn[], at: UnixMs): PromptedTurn | null {
  return turns.findLast(({ prompt }) => prompt.at <= at) ?? null;
}

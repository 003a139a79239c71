import type { Origin, PromptEvent, TurnEndEvent, UnixMs } from './event.ts';
import { countFirst } from './in-order.ts';
import type { Session, ToolCall } from './session.ts';
import { TurnEnds } from './turn-ends.ts';

/** A prompt, given by a person or made up by the CLI, and all that was done for it. One object for the whole of a run. */
export interface PromptedTurn {
  /** The same whenever and however often this turn is looked at. */
  key: string;
  /** 1 for the first of the run; a prompt that is told of late moves those behind it. */
  index: number;
  prompt: PromptEvent;
  /** null while it goes on, and for ever where the CLI does not tell an end (Gemini, headless). */
  end: TurnEndEvent | null;
}

/** How deep sub-agents may start each other. */
export const deepest = 16;

/** The turns of one session of the CLI, each list in order of time. */
interface SessionTurns {
  all: PromptedTurn[];
  byKey: Map<string, PromptedTurn[]>;
  byTrace: Map<string, PromptedTurn[]>;
}

/** The turns of a run, which may go on: what has been told since is added when they are looked at. */
export class Turns {
  readonly #session: Session;
  /** In the order they were told of. */
  readonly told: PromptedTurn[] = [];
  readonly #list: PromptedTurn[] = [];
  readonly #ofSession = new Map<string, SessionTurns>();
  readonly #turnEnds = new TurnEnds();
  /** How many of the session's prompts and ends are among them. */
  #prompts = 0;
  #ends = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** In order of time. Hidden threads have prompts too; those are no turns. */
  get list(): readonly PromptedTurn[] {
    const { prompts, turnEnds } = this.#session;
    for (; this.#ends < turnEnds.length; this.#ends += 1) this.#end(turnEnds[this.#ends]);
    for (; this.#prompts < prompts.length; this.#prompts += 1) this.#begin(prompts[this.#prompts]);
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
    const turns = this.#ofSession.get(sessionId);
    const keyed = (turnKey !== undefined && turns?.byKey.get(turnKey)) || [];
    if (keyed.length > 0) return lastBefore(keyed, place.at) ?? keyed[0] ?? null;
    const traced = (traceId !== undefined && turns?.byTrace.get(traceId)) || [];
    // With a trace from outside all turns are in that one.
    if (traced.length === 1) return traced[0] ?? null;
    const isHidden = this.#session.ids.get(sessionId)?.helper ?? true;
    return lastBefore(isHidden ? list : (turns?.all ?? []), place.at);
  }

  /** The last turn that had begun by then, whichever session it is of. */
  at(at: UnixMs): PromptedTurn | null {
    return lastBefore(this.list, at);
  }

  /** Is there no later prompt in its session? */
  isLast({ prompt }: PromptedTurn): boolean {
    const last = this.#ofSession.get(prompt.sessionId)?.all.at(-1);
    return last === undefined || last.prompt.at <= prompt.at;
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

  #begin(prompt: PromptEvent | undefined): void {
    if (!prompt || prompt.author === 'helper') return;
    const { sessionId, turnKey, traceId, at } = prompt;
    const turn: PromptedTurn = {
      key: ['turn', sessionId, turnKey ?? '', at].join('|'),
      index: 0,
      prompt,
      end: this.#turnEnds.around(sessionId, at),
    };
    this.told.push(turn);
    const place = insert(this.#list, turn);
    for (let i = place; i < this.#list.length; i += 1) {
      const moved = this.#list[i];
      if (moved) moved.index = i + 1;
    }
    const turns = this.#turnsOf(sessionId);
    insert(turns.all, turn);
    if (turnKey !== undefined) insert(listIn(turns.byKey, turnKey), turn);
    if (traceId !== undefined) insert(listIn(turns.byTrace, traceId), turn);
  }

  /** The CLI writes the prompt down while the turn is under way, so its record lies within. */
  #end(end: TurnEndEvent | undefined): void {
    if (!end) return;
    this.#turnEnds.add(end);
    const turns = this.#ofSession.get(end.sessionId)?.all ?? [];
    for (let i = countFirst(turns, ({ prompt }) => prompt.at < end.startedAt); i < turns.length; i += 1) {
      const turn = turns[i];
      if (!turn || turn.prompt.at > end.endedAt) break;
      turn.end ??= end;
    }
  }

  #turnsOf(sessionId: string): SessionTurns {
    const turns = this.#ofSession.get(sessionId) ?? { all: [], byKey: new Map(), byTrace: new Map() };
    this.#ofSession.set(sessionId, turns);
    return turns;
  }
}

function listIn(lists: Map<string, PromptedTurn[]>, key: string): PromptedTurn[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** In order of time: nearly always at the end. @returns its place */
function insert(turns: PromptedTurn[], turn: PromptedTurn): number {
  const place = countFirst(turns, ({ prompt }) => prompt.at <= turn.prompt.at);
  turns.splice(place, 0, turn);
  return place;
}

function lastBefore(turns: readonly PromptedTurn[], at: UnixMs): PromptedTurn | null {
  return turns[countFirst(turns, ({ prompt }) => prompt.at <= at) - 1] ?? null;
}

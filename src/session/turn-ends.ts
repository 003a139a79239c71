import type { TurnEndEvent, UnixMs } from './event.ts';
import { countFirst } from './in-order.ts';

interface Told {
  end: TurnEndEvent;
  /** Which it was of all that were told. */
  order: number;
  /** The latest end of this one and those before it. */
  reached: UnixMs;
}

/** The turns of which the end is known, to be found by a moment in them. */
export class TurnEnds {
  /** By session, in order of their starts. */
  readonly #told = new Map<string, Told[]>();
  #count = 0;

  constructor(ends: readonly TurnEndEvent[] = []) {
    for (const end of ends) this.add(end);
  }

  add(end: TurnEndEvent): void {
    const told = this.#told.get(end.sessionId) ?? [];
    this.#told.set(end.sessionId, told);
    const index = countFirst(told, (other) => other.end.startedAt <= end.startedAt);
    told.splice(index, 0, { end, order: this.#count, reached: end.endedAt });
    this.#count += 1;
    let reached = told[index - 1]?.reached ?? Number.NEGATIVE_INFINITY;
    for (const each of told.slice(index)) {
      reached = Math.max(reached, each.end.endedAt);
      each.reached = reached;
    }
  }

  /** The turn of this session that was going on then; where several are said to have been, the one told of first. */
  around(sessionId: string, at: UnixMs): TurnEndEvent | null {
    const told = this.#told.get(sessionId) ?? [];
    let first: Told | undefined;
    for (let i = countFirst(told, ({ end }) => end.startedAt <= at) - 1; i >= 0; i -= 1) {
      const each = told[i];
      if (!each || each.reached < at) break;
      if (at <= each.end.endedAt && (!first || each.order < first.order)) first = each;
    }
    return first?.end ?? null;
  }
}

import { nanosFromMs } from '../../otlp/nanos.ts';
import type { Exemplar } from '../../otlp/types.ts';
import type { Origin, UnixMs } from '../../session/event.ts';
import type { Turns } from '../../session/turns.ts';
import type { UnifiedIds } from './span-ids.ts';

/** Something that a unified span tells of. */
export interface Counted {
  origin: Origin;
  /** That of its span. */
  key: string;
  /** By this time its turn is found, as for its span. */
  placedAt: UnixMs;
  endedAt: UnixMs;
}

/** Makes an exemplar. Most are never told: later ones take their places. */
export type Example = () => Exemplar;

/** The ways from what was counted to its spans. */
export class Exemplars {
  readonly #turns: Turns;
  readonly #ids: UnifiedIds | null;

  /** @param ids null where no unified spans are sent */
  constructor(turns: Turns, ids: UnifiedIds | null) {
    this.#turns = turns;
    this.#ids = ids;
  }

  /** @returns null where its span is not sent */
  of({ origin, key, placedAt, endedAt }: Counted, value: number): Example | null {
    const ids = this.#ids;
    if (!ids) return null;
    const turn = this.#turns.of(origin, placedAt);
    if (!ids.isSampled(ids.traceOf(turn))) return null;
    const timeUnixNano = nanosFromMs(endedAt);
    return () => ({ ...ids.of({ turn, key }), timeUnixNano, asDouble: value, filteredAttributes: [] });
  }
}

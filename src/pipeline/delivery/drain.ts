import type { Signal } from '../../otlp/types.ts';
import type { Spool, WaitingEntry } from '../spool/spool.ts';
import { type ItemOnDisk, itemOnDisk } from './item.ts';

interface Place {
  /** URL as in `DestinationReport.url`. */
  destination: string;
  /** This run has headers, or a client certificate, for it. */
  needsHeaders: boolean;
  spool: Pick<Spool, 'waiting'>;
}

/** Log records, spans and metric points that wait on disk, and the size of their files. */
export interface Left {
  records: number;
  bytes: number;
}

/** What earlier runs have left for one destination, the oldest first. */
export class Drain {
  readonly #place: Place;
  /** Not yet claimed, as the folder was when it was looked at; undefined before. */
  #waiting: WaitingEntry[] | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  /** The next one of a signal that is not shut, this process's own until it is done or put back. */
  next(shut: ReadonlySet<Signal> = new Set()): ItemOnDisk | undefined {
    this.#waiting ??= this.#list();
    const waiting = this.#waiting;
    for (let each = waiting.shift(); each; each = waiting.shift()) {
      const entry = each.claim();
      if (!entry) continue;
      const isOurs = entry.destination === this.#place.destination && !shut.has(entry.signal);
      // Without the headers it would be refused, and lost.
      if (isOurs && (this.#place.needsHeaders || !entry.needsHeaders)) return itemOnDisk(entry, true);
      entry.release();
    }
    return undefined;
  }

  /** One that was not taken: for a later try, by whomever. */
  putBack({ body }: ItemOnDisk): void {
    body.release();
    this.#waiting = undefined;
  }

  /** What is on disk for it now, of this run as well once that has let go of it. */
  left(): Left {
    const waiting = this.#list();
    return {
      records: waiting.reduce((sum, { records }) => sum + records, 0),
      bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  #list(): WaitingEntry[] {
    return this.#place.spool.waiting().filter((each) => each.isFor(this.#place.destination));
  }
}

import type { UnixMs } from './event.ts';
import { countFirst } from './in-order.ts';

export interface Interval {
  startedAt: UnixMs;
  endedAt: UnixMs;
}

/** Time covered by at least one of many intervals: overlaps (parallel tools, nested calls) count once. 16 bytes a stretch. */
export class CoveredTime {
  /** Stretches that neither touch nor overlap, in order of time: when each starts, and when it ends. */
  readonly #starts: UnixMs[] = [];
  readonly #ends: UnixMs[] = [];
  #ms = 0;

  constructor(intervals: Iterable<Interval> = []) {
    for (const interval of intervals) this.add(interval);
  }

  get ms(): number {
    return this.#ms;
  }

  add({ startedAt, endedAt }: Interval): void {
    if (!(endedAt > startedAt)) return;
    const first = countFirst(this.#ends, (end) => end < startedAt);
    const behind = countFirst(this.#starts, (start) => start <= endedAt);
    let [start, end] = [startedAt, endedAt];
    for (let i = first; i < behind; i += 1) {
      const [from = start, to = end] = [this.#starts[i], this.#ends[i]];
      this.#ms -= to - from;
      start = Math.min(start, from);
      end = Math.max(end, to);
    }
    this.#starts.splice(first, behind - first, start);
    this.#ends.splice(first, behind - first, end);
    this.#ms += end - start;
  }

  /** What it would be with these too. ms */
  msWith(intervals: Iterable<Interval>): number {
    const others = new CoveredTime(intervals);
    const missing = others.#starts.map((start, i) => this.#missingMs(start, others.#ends[i] ?? start));
    return missing.reduce((sum, ms) => sum + ms, this.#ms);
  }

  /** What is not covered between two moments. */
  #missingMs(from: UnixMs, to: UnixMs): number {
    let missing = to - from;
    for (let i = countFirst(this.#ends, (end) => end <= from); i < this.#starts.length; i += 1) {
      const [start = to, end = to] = [this.#starts[i], this.#ends[i]];
      if (start >= to) break;
      missing -= Math.min(end, to) - Math.max(start, from);
    }
    return missing;
  }
}

/** Milliseconds covered by at least one interval. */
export function coveredMs(intervals: Iterable<Interval>): number {
  return new CoveredTime(intervals).ms;
}

/** When something was under way that took so long until its end; no time at all where that is not known. */
export function lasting({ endedAt, durationMs = 0 }: { endedAt: UnixMs; durationMs?: number }): Interval {
  return { startedAt: endedAt - durationMs, endedAt };
}

import type { UnixMs } from './event.ts';

export interface Interval {
  startedAt: UnixMs;
  endedAt: UnixMs;
}

/** Milliseconds covered by at least one interval: overlaps (parallel tools, nested calls) count once. */
export function coveredMs(intervals: readonly Interval[]): number {
  const sorted = intervals.filter((i) => i.endedAt > i.startedAt).sort((a, b) => a.startedAt - b.startedAt);
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { startedAt, endedAt } of sorted) {
    covered += Math.max(0, endedAt - Math.max(startedAt, reached));
    reached = Math.max(reached, endedAt);
  }
  return covered;
}

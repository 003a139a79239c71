import { type ProcStat, readAllProcStats, readProcStat, readProcStatsSince } from './proc-stat.ts';

/**
 * When the CLI started, in the kernel's own ticks; to be asked while it runs. null where only whole seconds
 * are told (all but Linux): too coarse to tell the CLI's processes from those of a pipeline started just
 * before.
 */
export function startTicksOf(pid: number): number | null {
  return readProcStat(pid)?.startTicks ?? null;
}

/** So soon the kernel has not given away all of its numbers, of which it has 32,768 at least. s */
const soon = 60;

/**
 * Has the CLI, which has ended, left processes in our process group that may still send telemetry? `since` is
 * its own start from `startTicksOf`; false when that is not known.
 */
export function hasLeftovers(since: number | null, self: number = process.pid): boolean {
  if (since === null) return false;
  // To read about each process takes 60 µs: most were there before us.
  const processes = process.uptime() < soon ? readProcStatsSince(self) : readAllProcStats();
  return leftoversIn(processes, since, self).length > 0;
}

/**
 * Not counted: what started before the CLI (`| tee`), zombies, and our own direct children (`git` and the
 * like).
 */
export function leftoversIn(processes: readonly ProcStat[], since: number, self: number): number[] {
  const pgid = processes.find((each) => each.pid === self)?.pgid;
  return processes
    .filter((each) => each.pgid === pgid && each.startTicks >= since && each.state !== 'Z')
    .filter((each) => each.pid !== self && each.ppid !== self)
    .map((each) => each.pid);
}

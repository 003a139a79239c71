import type { ProcessEntry } from './process-entry.ts';

type Link = Pick<ProcessEntry, 'pid' | 'ppid' | 'pgid'>;

/**
 * The children of `pid`, their children and so on, parents first, as far as they share its process group: the
 * programs that a signal to the group would reach. Tools that a CLI starts in a session of their own are the
 * CLI's to end.
 */
export function descendantsInGroup(pid: number, processes: readonly Link[]): number[] {
  const pgid = processes.find((each) => each.pid === pid)?.pgid;
  const group = processes.filter((each) => each.pgid === pgid);
  const found: number[] = [];
  let parents = [pid];
  while (parents.length > 0) {
    parents = group.filter((each) => parents.includes(each.ppid)).map((each) => each.pid);
    found.push(...parents);
  }
  return found;
}

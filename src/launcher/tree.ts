import { execFileSync } from 'node:child_process';
import { readAllProcStats } from './proc-stat.ts';

export interface ProcessLink {
  pid: number;
  ppid: number;
  pgid: number;
}

/** Every process there is. Empty where it cannot be told (Windows, or no `ps`). */
export function listProcesses(platform: NodeJS.Platform = process.platform): ProcessLink[] {
  if (platform === 'win32') return [];
  return platform === 'linux' ? readAllProcStats() : listByPs();
}

/**
 * The children of `pid`, their children and so on, parents first, as far as they share its process group: the
 * programs that a signal to the group would reach. Tools that a CLI starts in a session of their own are the
 * CLI's to end.
 */
export function descendantsInGroup(pid: number, processes: readonly ProcessLink[]): number[] {
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

/** macOS and the BSDs. */
export function listByPs(): ProcessLink[] {
  try {
    const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 1000,
    });
    return text.trim().split('\n').map(parsePsLine);
  } catch {
    return [];
  }
}

function parsePsLine(line: string): ProcessLink {
  const [pid = 0, ppid = 0, pgid = 0] = line.trim().split(/\s+/).map(Number);
  return { pid, ppid, pgid };
}

import { execFileSync } from 'node:child_process';
import { readProcStat } from './proc-stat.ts';

/**
 * Does our process group own its terminal, so that Ctrl-C and Ctrl-\ reach every process in it? Not asked of
 * stdin: in `cat prompt | ai-trace claude -p` it is a pipe, and the keyboard still reaches the CLI.
 */
export function isForeground(platform: NodeJS.Platform = process.platform): boolean {
  // A Windows console delivers Ctrl-C to every program attached to it, and a signal sent by Node would kill.
  if (platform === 'win32') return true;
  const groups = platform === 'linux' ? groupsFromProc() : groupsFromPs();
  return groups !== null && groups.own === groups.terminal;
}

interface Groups {
  own: number;
  terminal: number;
}

function groupsFromProc(): Groups | null {
  const stat = readProcStat(process.pid);
  return stat && { own: stat.pgid, terminal: stat.terminalPgid };
}

/** macOS and the BSDs; not tested there. */
function groupsFromPs(): Groups | null {
  try {
    const line = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 1000,
    });
    const [own, terminal] = line.trim().split(/\s+/).map(Number);
    return own === undefined || terminal === undefined ? null : { own, terminal };
  } catch {
    return null;
  }
}

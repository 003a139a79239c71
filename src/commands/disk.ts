import { startTicksOf } from '../launcher/leftovers.ts';
import { readProcStat } from '../launcher/proc-stat.ts';
import { createOwner, type Owner, type ProcessFacts, plainFacts } from '../pipeline/spool/owner.ts';
import { Spool } from '../pipeline/spool/spool.ts';

/** Who we are, in the names of the files we work on. */
export function thisProcess(): Owner {
  return createOwner(process.pid, startTicksOf(process.pid));
}

/** In a container where nobody reaps them, killed processes stay as zombies. */
export const processFacts: ProcessFacts = {
  ...plainFacts,
  startTicksOf: (pid) => {
    const stat = readProcStat(pid);
    return stat === null || stat.state === 'Z' ? null : stat.startTicks;
  },
};

export function openSpool(dir: string, limitBytes: number): Spool {
  return new Spool({ dir, limitBytes, owner: thisProcess(), facts: processFacts });
}

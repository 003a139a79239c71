import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';

/** A process, as told in the names of the files it works on. */
export interface Owner {
  pid: number;
  /** When it started, in the kernel's ticks since boot; null where that is not told (all but Linux). */
  startTicks: number | null;
  /** Number of the Linux pid namespace, without which a pid means nothing; null elsewhere. */
  pidNamespace: string | null;
  /** Checksum of the host's name, eight hex digits: a home directory may be shared by machines. */
  host: string;
}

/** What is asked of the system to tell whether a process is still there. */
export interface ProcessFacts {
  /** As `startTicks` above; null when no such process runs (a zombie does not), or where it is not told. */
  startTicksOf(pid: number): number | null;
  /** `foreign`: there is one, and it is another user's. */
  presenceOf(pid: number): 'ours' | 'foreign' | 'none';
  /** Unix ms. */
  now(): number;
}

/** Facts of this machine, but for start ticks: without them a pid that is used again looks alive. */
export const plainFacts: ProcessFacts = { startTicksOf: () => null, presenceOf, now: () => Date.now() };

/** A process that cannot be asked after counts as dead when its file was not touched for this long. ms */
const farAwayMs = 24 * 60 * 60 * 1000;

export function createOwner(pid: number, startTicks: number | null): Owner {
  const host = crc32(hostname()).toString(16).padStart(8, '0');
  return { pid, startTicks, pidNamespace: ownPidNamespace(), host };
}

/** For a file name: digits, letters and hyphens. */
export function ownerText({ pid, startTicks, pidNamespace, host }: Owner): string {
  return `${pid}-${startTicks ?? 'x'}-${pidNamespace ?? 'x'}-${host}`;
}

/** What `ownerText` makes, as the inside of a regular expression, without groups. */
export const ownerPattern = String.raw`\d{1,10}-(?:\d{1,15}|x)-(?:\d{1,20}|x)-[0-9a-f]{8}`;

/** null when `ownerText` does not make such a text. */
export function parseOwner(text: string): Owner | null {
  if (!new RegExp(`^${ownerPattern}$`).test(text)) return null;
  const [pid, startTicks, pidNamespace = 'x', host = ''] = text.split('-');
  return {
    pid: Number(pid),
    startTicks: startTicks === 'x' ? null : Number(startTicks),
    pidNamespace: pidNamespace === 'x' ? null : pidNamespace,
    host,
  };
}

/**
 * May what it owned be taken over? In doubt it may not.
 * @param touchedAt when its file was last touched, Unix ms; asked only when the process cannot be.
 */
export function isDead(owner: Owner, self: Owner, facts: ProcessFacts, touchedAt: () => number): boolean {
  if (ownerText(owner) === ownerText(self)) return false;
  if (owner.pidNamespace !== self.pidNamespace || owner.host !== self.host) {
    return facts.now() - touchedAt() > farAwayMs;
  }
  const presence = facts.presenceOf(owner.pid);
  if (presence === 'none') return true;
  if (owner.startTicks === null) return false;
  const startTicks = facts.startTicksOf(owner.pid);
  if (startTicks !== null) return startTicks !== owner.startTicks;
  // Gone meanwhile, or a zombie; unless it is ourselves who cannot read such things.
  return presence === 'ours' && facts.startTicksOf(self.pid) !== null;
}

/** The same facts, each process asked after only once. For one look at many files. */
export function rememberFacts(facts: ProcessFacts): ProcessFacts {
  const presences = new Map<number, ReturnType<ProcessFacts['presenceOf']>>();
  const ticks = new Map<number, number | null>();
  return {
    startTicksOf: (pid) => remembered(ticks, pid, facts.startTicksOf),
    presenceOf: (pid) => remembered(presences, pid, facts.presenceOf),
    now: facts.now,
  };
}

function remembered<Value>(known: Map<number, Value>, pid: number, ask: (pid: number) => Value): Value {
  const before = known.get(pid);
  if (before !== undefined) return before;
  const value = ask(pid);
  known.set(pid, value);
  return value;
}

function presenceOf(pid: number): 'ours' | 'foreign' | 'none' {
  try {
    process.kill(pid, 0);
    return 'ours';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'foreign' : 'none';
  }
}

/** The link reads `pid:[4026531836]`, see namespaces(7). */
function ownPidNamespace(): string | null {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? null;
  } catch {
    return null;
  }
}

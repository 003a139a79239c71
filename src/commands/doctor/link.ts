import type { DoctorLink, Finding, LinkName, LinkOf } from '../../report/doctor-report.ts';

/** What was seen of one link. */
export interface Seen {
  text: string;
  problems?: readonly (Finding | false | null)[];
  warnings?: readonly (Finding | false | null)[];
  ms?: number | null;
}

/** A link that was looked at: it is broken if there is any problem. */
export function looked(link: LinkName, of: LinkOf, { text, ms = null, ...seen }: Seen): DoctorLink {
  const problems = found(seen.problems);
  const state = problems.length > 0 ? 'broken' : 'ok';
  // A tenth is more than anybody needs.
  const rounded = ms === null ? null : Math.round(10 * ms) / 10;
  return { link, of, state, ms: rounded, text, problems, warnings: found(seen.warnings) };
}

/** A link of which nothing can be told. */
export function skipped(link: LinkName, of: LinkOf, text: string): DoctorLink {
  return { link, of, state: 'skipped', ms: null, text, problems: [], warnings: [] };
}

/** What it comes to, and how long it took, ms. */
export async function timed<T>(work: () => T | Promise<T>): Promise<[value: T, ms: number]> {
  const begun = performance.now();
  const value = await work();
  return [value, performance.now() - begun];
}

function found(findings: Seen['problems'] = []): Finding[] {
  return findings.filter((each): each is Finding => each !== null && each !== false);
}

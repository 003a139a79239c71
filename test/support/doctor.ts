import { expect } from 'vitest';
import type { DoctorLink, DoctorReport, Finding, LinkName } from '../../src/report/doctor-report.ts';
import type { Rig } from './rig.ts';
import { type RunResult, runHeadless } from './run.ts';
import { aiTrace } from './traced.ts';

export interface Doctored {
  code: number | null;
  report: DoctorReport;
  /** All that it has printed. */
  printed: string;
}

/** Runs `ai-trace doctor --json` where this CLI is, its model a mock that must never be asked. */
export async function doctored(
  { env, cwd }: Pick<Rig, 'env' | 'cwd'>,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Doctored> {
  const command = [process.execPath, aiTrace, 'doctor', '--json', ...words];
  return told(await runHeadless(command, { env: { ...env, ...more }, cwd, timeoutMs: 120_000 }));
}

/** What a run of `doctor --json` has printed. */
export function told({ code, stdout, stderr, timedOut }: RunResult): Doctored {
  expect(timedOut, stderr).toBe(false);
  expect(stderr).toBe('');
  const printed = stdout.toString();
  return { code, report: JSON.parse(printed) as DoctorReport, printed };
}

/** The one link of this name, or of those the one that is of this. @throws {Error} when there is none, or several */
export function linkOf({ links }: DoctorReport, link: LinkName, of?: string): DoctorLink {
  const found = links.filter(
    (each) => each.link === link && (of === undefined || ('name' in each.of && each.of.name === of)),
  );
  const [first, ...others] = found;
  if (!first || others.length > 0) throw new Error(`${found.length} links ${link} ${of ?? ''}`);
  return first;
}

export function kindsOf(findings: readonly Finding[]): string[] {
  return findings.map(({ kind }) => kind);
}

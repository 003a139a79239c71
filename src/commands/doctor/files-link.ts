import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../files/error-code.ts';
import type { FilePaths } from '../../files/paths.ts';
import { isOwnFolder } from '../../pipeline/spool/folder.ts';
import type { WaitingEntry } from '../../pipeline/spool/spool.ts';
import { told } from '../../report/doctor-messages.ts';
import type { DoctorLink, Finding } from '../../report/doctor-report.ts';
import { openSpool } from '../disk.ts';
import { looked, timed } from './link.ts';

/** What lay there for so long did not leave with the sessions since. ms */
const oldMs = 24 * 60 * 60 * 1000;
/** Share of the spool's room. */
const fullShare = 0.9;

/** Can receipts and unsent telemetry be kept, and does any of it wait? Nothing is written for it. */
export async function filesLink(
  { spoolDir, sessionsDir, runtimeDir }: FilePaths,
  limitBytes: number,
  now: number,
): Promise<DoctorLink> {
  const stateDir = dirname(spoolDir);
  const [{ waiting, problems }, ms] = await timed(() => ({
    problems: [
      unwritable(dirname(sessionsDir('YYYY-MM'))),
      // Others must not be able to read or to change what is in these.
      unwritable(spoolDir) ?? foreign(spoolDir),
      unwritable(runtimeDir) ?? foreign(runtimeDir),
    ],
    waiting: limitBytes > 0 ? openSpool(spoolDir, limitBytes).waiting() : [],
  }));
  return looked(
    'files',
    { what: 'ai-trace' },
    {
      text: stateDir,
      ms,
      problems,
      warnings: spoolWarnings(waiting, limitBytes, now),
    },
  );
}

/** The folder, or the nearest above it that is there: what is missing is made when it is needed. */
function unwritable(dir: string): Finding | null {
  const folder = existing(dir);
  try {
    if (!statSync(folder).isDirectory())
      return told({ kind: 'folder_unusable', dir: folder, reason: 'ENOTDIR' });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return told({ kind: 'folder_unusable', dir: folder, reason: errorCode(error) });
  }
}

function foreign(dir: string): Finding | null {
  if (!existsSync(dir) || isOwnFolder(dir)) return null;
  return told({ kind: 'folder_unusable', dir, reason: 'others can change it' });
}

function existing(dir: string): string {
  return existsSync(dir) || dirname(dir) === dir ? dir : existing(dirname(dir));
}

function spoolWarnings(waiting: readonly WaitingEntry[], limitBytes: number, now: number): Finding[] {
  const size = waiting.reduce((sum, entry) => sum + entry.bytes, 0);
  const records = waiting.reduce((sum, entry) => sum + entry.records, 0);
  const oldestMs = Math.max(0, ...waiting.map(({ at }) => now - at));
  const findings: Finding[] = [];
  if (size > fullShare * limitBytes) {
    findings.push(told({ kind: 'spool_nearly_full', bytes: size, limitBytes }));
  }
  if (oldestMs > oldMs) {
    findings.push(told({ kind: 'spool_waiting', records, bytes: size, oldestMs }));
  }
  return findings;
}

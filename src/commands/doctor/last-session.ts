import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FilePaths } from '../../files/paths.ts';
import type { ProviderId } from '../../providers/provider.ts';
import type { Receipt } from '../../report/receipt.ts';
import { listFolder } from '../private-files.ts';

/** Receipts that are looked at, at most, to find one of a CLI. */
const searchLimit = 500;

/** The receipt of the CLI's last session that is kept; null without one. */
export function lastSession({ sessionsDir }: FilePaths, provider: ProviderId): Receipt | null {
  const months = listFolder(sessionsDir('')).filter((name) => /^\d{4}-\d\d$/.test(name));
  let looked = 0;
  for (const month of months.reverse()) {
    const dir = sessionsDir(month);
    const files = listFolder(dir).filter((name) => name.endsWith('.json'));
    const room = files.slice(0, searchLimit - looked);
    looked += room.length;
    const receipts = room.map((name) => readReceipt(join(dir, name))).filter((each) => each !== null);
    const own = receipts.filter((receipt) => receipt.provider === provider);
    const [last] = own.sort((a, b) => b.ended_at.localeCompare(a.ended_at));
    if (last) return last;
  }
  return null;
}

/** null for what is no receipt. */
function readReceipt(file: string): Receipt | null {
  try {
    const receipt = JSON.parse(readFileSync(file, 'utf8')) as Partial<Receipt> | null;
    const isWhole =
      receipt?.schema === 1 && receipt.telemetry !== undefined && receipt.ended_at !== undefined;
    return isWhole ? (receipt as Receipt) : null;
  } catch {
    return null;
  }
}

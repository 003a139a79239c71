import { join } from 'node:path';
import type { FilePaths } from '../files/paths.ts';
import type { Receipt } from '../report/receipt.ts';

/** Where the receipt of a finished session is kept (design.md §3). */
export function receiptPath({ sessionsDir }: FilePaths, { run_id, started_at }: Receipt): string {
  return join(sessionsDir(started_at.slice(0, 'YYYY-MM'.length)), `${run_id}.json`);
}

export function receiptJson(receipt: Receipt): string {
  return `${JSON.stringify(receipt, null, 2)}\n`;
}

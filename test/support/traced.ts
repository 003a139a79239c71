import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliName } from '../../scripts/clis.mjs';
import type { Receipt } from '../../src/report/receipt.ts';
import type { CliOptions } from './cli-args.ts';
import type { Rig } from './rig.ts';
import { type RunResult, runHeadless } from './run.ts';

/** The built program, started as a user would. */
export const aiTrace = fileURLToPath(new URL('../../bin/ai-trace.js', import.meta.url));

export interface TracedRun extends RunResult {
  receipt: Receipt;
  /** What was forwarded, one OTLP/JSON request a line. */
  forwarded: string;
}

/** ai-trace's own words before the CLI's name: a receipt and a file to look at, and no collector. */
export function ownWords(home: string): string[] {
  return ['--summary-file', join(home, 'receipt.json'), '--forward', `file:${join(home, 'sent.jsonl')}`];
}

/** Runs a headless session under ai-trace and reads what it left. */
export async function traced(
  name: CliName,
  rig: Rig,
  prompt = 'say hello',
  options: Omit<CliOptions, 'apiUrl' | 'provider'> & { own?: readonly string[] } = {},
): Promise<TracedRun> {
  const { own = [], ...cli } = options;
  const command = [
    process.execPath,
    aiTrace,
    ...ownWords(rig.home),
    ...own,
    name,
    ...rig.args('headless', prompt, cli),
  ];
  const result = await runHeadless(command, { env: rig.env, cwd: rig.cwd, timeoutMs: 120_000 });
  return { ...result, receipt: readReceipt(rig), forwarded: readForwarded(rig) };
}

export function readReceipt(rig: Rig): Receipt {
  return JSON.parse(readFileSync(join(rig.home, 'receipt.json'), 'utf8'));
}

export function readForwarded(rig: Rig): string {
  return readFileSync(join(rig.home, 'sent.jsonl'), 'utf8');
}

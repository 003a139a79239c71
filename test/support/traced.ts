import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { Receipt } from '../../src/report/receipt.ts';
import type { CliOptions } from './cli-args.ts';
import type { Rig } from './rig.ts';
import { type RunResult, runHeadless } from './run.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';

/** The built program, started as a user would. */
export const aiTrace = fileURLToPath(new URL('../../bin/ai-trace.js', import.meta.url));

export interface RunOptions extends Omit<CliOptions, 'apiUrl' | 'provider'> {
  prompt?: string;
  /** Changes the CLI's own words. */
  words?: (words: readonly string[]) => readonly string[];
  /** Laid over the environment of the rig. */
  env?: Readonly<Record<string, string>>;
  input?: string;
}

export interface TracedOptions extends RunOptions {
  /** ai-trace's own words, besides those of `ownWords`. */
  own?: readonly string[];
}

export interface TracedRun extends RunResult {
  receipt: Receipt;
  /** What was forwarded, one OTLP/JSON request a line. */
  forwarded: string;
}

/** ai-trace's own words before the CLI's name: a receipt and a file to look at, and no collector. */
export function ownWords({ home }: Pick<Rig, 'home'>): string[] {
  return ['--summary-file', join(home, 'receipt.json'), '--forward', `file:${join(home, 'sent.jsonl')}`];
}

/** Runs a headless session under ai-trace and reads what it left. */
export async function traced(rig: Rig, options: TracedOptions = {}): Promise<TracedRun> {
  const result = await headless(rig, tracedCommand(rig, 'headless', options), options);
  return { ...result, receipt: readReceipt(rig), forwarded: readForwarded(rig) };
}

/** Runs the same session without ai-trace. */
export async function untraced(rig: Rig, options: RunOptions = {}): Promise<RunResult> {
  return headless(rig, [rig.executable, ...cliWords(rig, 'headless', options)], options);
}

/** Starts a session under ai-trace in a pseudo-terminal; an empty prompt waits for the user. */
export function tracedTerminal(
  rig: Rig,
  options: TracedOptions = {},
  size: Pick<TerminalOptions, 'cols' | 'rows'> = {},
): Terminal {
  const command = tracedCommand(rig, 'tui', { prompt: '', ...options });
  const terminal = new Terminal(command, { env: { ...rig.env, ...options.env }, cwd: rig.cwd, ...size });
  onTestFinished(() => terminal.close());
  return terminal;
}

export function tracedCommand(rig: Rig, mode: 'headless' | 'tui', options: TracedOptions): string[] {
  const own = [...ownWords(rig), ...(options.own ?? [])];
  return [process.execPath, aiTrace, ...own, rig.name, ...cliWords(rig, mode, options)];
}

export function readReceipt({ home }: Pick<Rig, 'home'>): Receipt {
  return JSON.parse(readFileSync(join(home, 'receipt.json'), 'utf8'));
}

export function readForwarded({ home }: Pick<Rig, 'home'>): string {
  return readFileSync(join(home, 'sent.jsonl'), 'utf8');
}

function cliWords(rig: Rig, mode: 'headless' | 'tui', options: RunOptions): string[] {
  const { prompt = 'Say hello to me.', words } = options;
  const given = rig.args(mode, prompt, options);
  return words ? [...words(given)] : given;
}

async function headless(
  { env, cwd }: Rig,
  command: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  const { input } = options;
  const result = await runHeadless(command, {
    env: { ...env, ...options.env },
    cwd,
    timeoutMs: 120_000,
    ...(input !== undefined && { input }),
  });
  expect(result.timedOut, result.stderr).toBe(false);
  return result;
}

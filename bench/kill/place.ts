import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, startHeadless } from '../../test/support/run.ts';

/** A home of its own with the stand-in in Codex's place, and nothing else on PATH. */
export interface Place {
  start(words: readonly string[], env: Readonly<Record<string, string>>): Running;
  /** Path of a file in the home. */
  file(name: string): string;
  /** The receipts that were kept; `broken` are not JSON. */
  receipts(): { whole: number; broken: string[] };
  remove(): Promise<void>;
}

/**
 * @param aiTrace path of the built program
 * @param standin path of cli.ts as one file that Node runs
 */
export async function createPlace(aiTrace: string, standin: string): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'ai-trace-kill-'));
  const bin = join(home, 'bin');
  for (const name of ['bin', 'run']) await mkdir(join(home, name), { mode: 0o700 });
  await writeFile(join(bin, 'codex'), `#!/bin/sh\nexec '${process.execPath}' '${standin}' "$@"\n`);
  await chmod(join(bin, 'codex'), 0o755);
  const file = (name: string) => join(home, name);
  const own = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    XDG_STATE_HOME: file('state'),
    XDG_RUNTIME_DIR: file('run'),
    AI_TRACE_PRICE_UPDATES: '0',
  };
  return {
    start: (words, env) =>
      startHeadless([process.execPath, aiTrace, ...words], { env: { ...own, ...env }, cwd: home }),
    file,
    receipts: () => receiptsIn(file('state/ai-trace/sessions')),
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function receiptsIn(dir: string): { whole: number; broken: string[] } {
  const names = existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: 'utf8' }) : [];
  const files = names.filter((name) => name.endsWith('.json'));
  const broken = files.filter((name) => !isJson(readFileSync(join(dir, name), 'utf8')));
  return { whole: files.length - broken.length, broken };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

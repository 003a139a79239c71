import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { type RunResult, runHeadless } from './run.ts';
import { cliEnv, createSandbox, type Sandbox } from './sandbox.ts';
import { aiTrace } from './traced.ts';

/** Absolute path of a file in test/fixtures/standin. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/standin/${name}`, import.meta.url));
}

/** A step of test/fixtures/standin/cli.mjs. */
type Step = Readonly<Record<string, string | number | boolean>>;

export interface StandinRun {
  /** Everything behind `ai-trace`. */
  words: readonly string[];
  /** What the stand-in does. */
  steps?: readonly Step[];
  env?: Readonly<Record<string, string>>;
}

/** A home with a stand-in under the CLI's name on PATH, for what does not depend on the CLI; nothing else is there. */
export async function standin(
  name: CliName,
  program = fixture('cli.mjs'),
): Promise<Sandbox & { run(options: StandinRun): Promise<RunResult> }> {
  const sandbox = await createSandbox();
  onTestFinished(() => sandbox.remove());
  const bin = join(sandbox.home, 'bin');
  const executable = join(bin, name);
  await mkdir(bin);
  await writeFile(executable, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  await chmod(executable, 0o755);
  const own = cliEnv(name, { apiUrl: 'http://127.0.0.1:1', executable, sandbox });
  return {
    ...sandbox,
    run: ({ words, steps = [], env = {} }) =>
      runHeadless([process.execPath, aiTrace, ...words], {
        env: {
          ...own,
          // The real CLIs are out of reach.
          PATH: [bin, '/usr/bin', '/bin'].join(delimiter),
          STANDIN_DO: JSON.stringify(steps),
          ...env,
        },
        cwd: sandbox.cwd,
      }),
  };
}

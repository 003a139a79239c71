import type { TestProject } from 'vitest/node';
import { type CliName, ensureCli } from '../../scripts/clis.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of each CLI's executable. */
    clis: Record<CliName, string>;
  }
}

/** Installs the pinned CLIs once for all tests; see scripts/clis.mjs. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('clis', {
    codex: await ensureCli('codex'),
    gemini: await ensureCli('gemini'),
    claude: await ensureCli('claude'),
  });
}

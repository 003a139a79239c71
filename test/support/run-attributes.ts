import type { RunAttributes } from '../../src/pipeline/enrich.ts';

/** A run of Codex that tells nothing of where it is, to be changed where a test cares. */
export function runAttributes(change: Partial<RunAttributes> = {}): RunAttributes {
  return {
    runId: 'run-1',
    parentRunId: null,
    provider: 'codex',
    serviceName: 'codex',
    genAiProvider: 'openai',
    operationName: 'chat',
    vendor: 'openai',
    cliVersion: null,
    tags: {},
    git: null,
    host: null,
    user: null,
    platform: 'linux',
    withContent: false,
    ...change,
  };
}

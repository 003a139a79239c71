import type { TestProject } from 'vitest/node';
import { ensureCollector } from '../../scripts/backends.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the OpenTelemetry Collector's executable; null where it cannot be built. */
    otelcol: string | null;
  }
}

/** Builds the collector once for all tests; without it they are skipped on a desk and fail in CI. */
export default async function setup(project: TestProject): Promise<void> {
  try {
    project.provide('otelcol', await ensureCollector());
  } catch (error) {
    if (process.env['CI']) throw error;
    console.error(`\nWITHOUT THE COLLECTOR, ITS TESTS ARE SKIPPED: ${String(error)}\n`);
    project.provide('otelcol', null);
  }
}

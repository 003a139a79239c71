import type { TestProject } from 'vitest/node';
import { ensureBackends } from '../../scripts/backends.mjs';
import { templateTransform } from './backends/alloy-template.ts';
import type { Transform } from './backends/otelcol-config.ts';
import type { Program } from './backends/program.ts';
import { type Live, runLive } from './backends/run-live.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The real OpenTelemetry Collector; null where it cannot be had. */
    collector: { executable: string; transform: Transform } | null;
    /** null without a collector. */
    live: Live | null;
    /** Paths of executables; null where one cannot be had. */
    alloy: string | null;
    prometheus: string | null;
    loki: string | null;
    /** null where none was given. */
    tempo: string | null;
  }
}

/**
 * Makes and starts the backends and runs the live sessions, once for all tests. What cannot be had is said in the end, and its tests are
 * skipped.
 * @throws {Error} in CI, where nothing may be missing that can be made
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const backends = await ensureBackends();
  const missing = Object.entries(backends).flatMap(([name, backend]) =>
    'missing' in backend ? [`no ${name}: ${backend.missing}`] : [],
  );
  if (missing.length > 0 && process.env['CI']) throw new Error(missing.join('\n'));

  for (const name of ['alloy', 'prometheus', 'loki'] as const) {
    const backend = backends[name];
    project.provide(name, 'missing' in backend ? null : backend.executable);
  }
  // It is no published Go module: the tests of its queries want to be given one.
  const tempo = process.env['AI_TRACE_TEMPO'] ?? null;
  project.provide('tempo', tempo);
  if (tempo === null) missing.push('no tempo: name its executable in AI_TRACE_TEMPO');
  const started: Program[] = [];
  const teardown = async () => {
    for (const program of started) await program.remove();
    for (const line of missing) console.error(`\nTESTS WERE SKIPPED, ${line}`);
  };
  const { collector } = backends;
  if ('missing' in collector) {
    project.provide('collector', null);
    project.provide('live', null);
    return teardown;
  }
  try {
    const { executable } = collector;
    const transform = templateTransform();
    project.provide('collector', { executable, transform });
    project.provide('live', await runLive(executable, transform, backends, started));
  } catch (error) {
    await teardown();
    throw error;
  }
  return teardown;
}

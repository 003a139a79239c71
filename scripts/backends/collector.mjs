import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCached } from '../cache.mjs';
import { executable } from './go-program.mjs';
import { run } from './run.mjs';

const version = 'v0.158.0';
const core = 'go.opentelemetry.io/collector';
const contrib = 'github.com/open-telemetry/opentelemetry-collector-contrib';

/** Those behind Alloy's components of the same names, and the exporters that a test can read. */
const components = {
  receivers: [`${core}/receiver/otlpreceiver ${version}`],
  processors: [
    `${core}/processor/batchprocessor ${version}`,
    `${core}/processor/memorylimiterprocessor ${version}`,
    `${contrib}/processor/deltatocumulativeprocessor ${version}`,
    `${contrib}/processor/filterprocessor ${version}`,
    `${contrib}/processor/transformprocessor ${version}`,
  ],
  connectors: [
    `${core}/connector/forwardconnector ${version}`,
    `${contrib}/connector/spanmetricsconnector ${version}`,
  ],
  exporters: [
    `${core}/exporter/debugexporter ${version}`,
    `${core}/exporter/otlphttpexporter ${version}`,
    `${contrib}/exporter/fileexporter ${version}`,
    `${contrib}/exporter/prometheusexporter ${version}`,
  ],
  extensions: [`${contrib}/extension/storage/filestorage ${version}`],
  providers: ['env', 'file', 'yaml'].map((name) => `${core}/confmap/provider/${name}provider v1.64.0`),
};

/**
 * The OpenTelemetry Collector, with contrib components. The name of its folder in the cache has a hash of their list: a changed
 * list is built anew.
 * @returns {Promise<string>} absolute path of the executable
 */
export async function ensureCollector() {
  const hash = createHash('sha256').update(JSON.stringify(components)).digest('hex').slice(0, 12);
  const folder = await ensureCached(`backends/collector-${hash}`, 'building it, about five minutes', build);
  return join(folder, executable('otelcol'));
}

/** The builder writes a `main` package of the components and compiles it. Its manifest is YAML, so JSON will do. */
async function build(folder) {
  const dist = { name: 'otelcol', description: 'collector for the tests of ai-trace', output_path: folder };
  const modules = Object.entries(components).map(([kind, list]) => [kind, list.map((gomod) => ({ gomod }))]);
  const manifest = join(folder, 'builder.json');
  await writeFile(manifest, JSON.stringify({ dist, ...Object.fromEntries(modules) }, null, 2));
  const options = { cwd: folder, env: { GOBIN: folder, CGO_ENABLED: '0' } };
  await run('go', ['install', `${core}/cmd/builder@${version}`], options);
  await run(join(folder, executable('builder')), ['--config', manifest], options);
}

/**
 * The real OpenTelemetry Collector that the tests of `test/backends` send to, built once from its published Go modules
 * (about five minutes) into a cache outside the checkout. Needs Go.
 *
 *     node scripts/backends.mjs      prints the path of the executable
 *
 * The name of its folder in the cache has a hash of the list of components: a changed list is built anew.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, env, platform, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureCached } from './cache.mjs';

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
    `${contrib}/processor/transformprocessor ${version}`,
  ],
  connectors: [`${contrib}/connector/spanmetricsconnector ${version}`],
  exporters: [
    `${core}/exporter/debugexporter ${version}`,
    `${core}/exporter/otlphttpexporter ${version}`,
    `${contrib}/exporter/fileexporter ${version}`,
    `${contrib}/exporter/prometheusexporter ${version}`,
  ],
  providers: ['env', 'file', 'yaml'].map((name) => `${core}/confmap/provider/${name}provider v1.64.0`),
};

/**
 * Builds the collector if it is not in the cache yet.
 * @returns {Promise<string>} absolute path of the executable
 * @throws {Error} when Go is missing or fails; the cache is then as it was before
 */
export async function ensureCollector() {
  const hash = createHash('sha256').update(JSON.stringify(components)).digest('hex').slice(0, 12);
  const folder = await ensureCached(`backends/collector-${hash}`, 'building it, about five minutes', build);
  return join(folder, platform === 'win32' ? 'otelcol.exe' : 'otelcol');
}

/** The builder writes a `main` package of the components and compiles it. Its manifest is YAML, so JSON will do. */
async function build(folder) {
  const dist = { name: 'otelcol', description: 'collector for the tests of ai-trace', output_path: folder };
  const modules = Object.entries(components).map(([kind, list]) => [kind, list.map((gomod) => ({ gomod }))]);
  const manifest = join(folder, 'builder.json');
  await writeFile(manifest, JSON.stringify({ dist, ...Object.fromEntries(modules) }, null, 2));
  await go(folder, 'go', 'install', `${core}/cmd/builder@${version}`);
  await go(folder, join(folder, platform === 'win32' ? 'builder.exe' : 'builder'), '--config', manifest);
}

async function go(folder, command, ...words) {
  const child = spawn(command, words, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, GOBIN: folder, CGO_ENABLED: '0' },
  });
  // Rejects when the program cannot be started.
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${code}`);
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  stdout.write(`${await ensureCollector()}\n`);
}

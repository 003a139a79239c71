import { createHash } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureCached } from '../cache.mjs';
import { executable } from './go-program.mjs';
import { run } from './run.mjs';

const module = 'github.com/grafana/alloy';
const version = 'v1.19.0';

/** Alloy's components that the templates use: all of them would take an hour. */
const components = [
  'otelcol/auth/basic',
  'otelcol/connector/spanmetrics',
  'otelcol/exporter/otlphttp',
  'otelcol/exporter/prometheus',
  'otelcol/processor/batch',
  'otelcol/processor/deltatocumulative',
  'otelcol/processor/filter',
  'otelcol/processor/memorylimiter',
  'otelcol/processor/transform',
  'otelcol/receiver/otlp',
  'otelcol/storage/file',
  'prometheus/remotewrite',
];

/**
 * What is put into the module's source: the list of components, a program, and nothing where it would read other formats, look for
 * peers in every cloud or open features of components that are not there.
 */
const sources = {
  'internal/component/all/all.go': `package all

import (
${components.map((name) => `	_ "${module}/internal/component/${name}"`).join('\n')}
)
`,
  'internal/converter/converter.go': `package converter

import "${module}/internal/converter/diag"

type Input string

var SupportedFormats []string

func Convert([]byte, Input, []string) ([]byte, diag.Diagnostics) {
	var diags diag.Diagnostics
	diags.Add(diag.SeverityLevelCritical, "not in this build")
	return nil, diags
}
`,
  'internal/service/cluster/discovery/go_discovery.go': 'package discovery\n',
  'internal/service/cluster/discovery/join_peers.go': 'package discovery\n',
  'internal/service/cluster/discovery/peer_discovery.go': `package discovery

import (
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

type DiscoverFn func() ([]string, error)

type Options struct {
	JoinPeers     []string
	DiscoverPeers string
	DefaultPort   int
	Logger        *slog.Logger
	Tracer        trace.TracerProvider
}

func NewPeerDiscoveryFn(Options) (DiscoverFn, error) { return nil, nil }
`,
  'internal/util/otel_feature_gate.go': `package util

func SetupOtelFeatureGates() error { return nil }
`,
  'cmd/alloy/main.go': `package main

import (
	"os"

	"${module}/internal/alloycli"
)

func main() {
	if alloycli.Command().Execute() != nil {
		os.Exit(1)
	}
}
`,
};

/**
 * Alloy, with the components of the templates. The name of its folder in the cache has a hash of what is put into its source: when
 * that changes it is built anew.
 * @returns {Promise<string>} absolute path of the executable
 */
export async function ensureAlloy() {
  const hash = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 12);
  const name = `backends/alloy-${version}-${hash}`;
  const folder = await ensureCached(name, 'building it, some six minutes', build);
  return join(folder, executable('alloy'));
}

/** The module's program is in another module, which is not published, and its packages are internal: so it is built in a copy of its source. */
async function build(folder) {
  const source = join(folder, 'source');
  const { Dir } = JSON.parse(
    await run('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: folder }),
  );
  await cp(Dir, source, { recursive: true });
  // Go's own cache is read-only.
  await run('chmod', ['-R', 'u+w', source], { cwd: folder });
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), text);
  }
  const options = { cwd: source, env: { CGO_ENABLED: '0' } };
  await run('go', ['mod', 'edit', `-dropreplace=${module}/syntax`], options);
  const words = ['-mod=mod', '-trimpath', '-ldflags=-s -w', '-o', folder, './cmd/alloy'];
  await run('go', ['build', ...words], options);
  await rm(source, { recursive: true, force: true });
}

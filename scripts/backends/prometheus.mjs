import { join } from 'node:path';
import { ensureCached } from '../cache.mjs';
import { buildGoProgram, executable } from './go-program.mjs';

/** 3.8.0, without the files of its web pages. */
const source = {
  module: 'github.com/prometheus/prometheus',
  version: 'v0.308.0',
  program: 'cmd/prometheus',
  // The clients of all the clouds it can discover services in: four of five minutes.
  without: 'plugins/plugins.go',
};

/** @returns {Promise<string>} absolute path of Prometheus' executable */
export async function ensurePrometheus() {
  const name = `backends/prometheus-${source.version}`;
  const folder = await ensureCached(name, 'building it, about a minute and a half', (staging) =>
    buildGoProgram(staging, source),
  );
  return join(folder, executable('prometheus'));
}

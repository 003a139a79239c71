import { join } from 'node:path';
import { ensureCached } from '../cache.mjs';
import { buildGoProgram, executable } from './go-program.mjs';

const source = { module: 'github.com/grafana/loki/v3', version: 'v3.7.8', program: 'cmd/loki' };

/** @returns {Promise<string>} absolute path of Loki's executable */
export async function ensureLoki() {
  const name = `backends/loki-${source.version}`;
  const folder = await ensureCached(name, 'building it, about five minutes', (staging) =>
    buildGoProgram(staging, source),
  );
  return join(folder, executable('loki'));
}

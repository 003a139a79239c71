/**
 * Writes the files of templates/alloy and templates/collector, which share their statements, and the dashboards and alerts of
 * templates/grafana; each works alone.
 *
 *     node scripts/templates.mjs [--check]      --check writes nothing and ends with 1 when a file is not as it would be written
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import { alloyFile } from './templates/alloy.mjs';
import { alloyVariants } from './templates/alloy-variants.mjs';
import { collectorFile } from './templates/collector.mjs';
import { collectorVariants } from './templates/collector-variants.mjs';
import { load } from './typescript.mjs';

const { grafanaFiles } = await load('scripts/grafana/files.ts');
const root = fileURLToPath(new URL('../templates/', import.meta.url));
const files = [
  ...alloyVariants.map((variant) => [`alloy/${variant.file}`, alloyFile(variant)]),
  ...collectorVariants.map((variant) => [`collector/${variant.file}`, collectorFile(variant)]),
  ...grafanaFiles.map(([path, text]) => [`grafana/${path}`, text]),
];

if (argv[2] === '--check') {
  const stale = files.filter(([name, text]) => read(name) !== text);
  for (const [name] of stale) stderr.write(`templates/${name} is not what scripts/templates.mjs writes\n`);
  exit(stale.length > 0 ? 1 : 0);
}
for (const [name, text] of files) {
  mkdirSync(dirname(root + name), { recursive: true });
  writeFileSync(root + name, text);
}

function read(name) {
  try {
    return readFileSync(root + name, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * `npm test`: installs what is missing, checks, builds and runs every part of the suite, fast parts first.
 * `npm test -- e2e` runs one part, `npm test -- unit -t name` hands the rest to vitest.
 */
import { ensureInstalled, step, tool } from './setup.mjs';

const parts = ['unit', 'contract', 'property', 'integration', 'e2e', 'backends'];
const [first, ...rest] = process.argv.slice(2);
const named = parts.includes(first);
const chosen = named ? [first] : parts;
const options = named ? rest : process.argv.slice(2);

ensureInstalled();
if (chosen === parts) {
  tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings');
  tool('typescript/bin/tsc', '--noEmit', '-p', '.');
  tool('knip/bin/knip.js');
}
step(process.execPath, ['scripts/build.mjs']);
// One project after the other: the end-to-end part wants the machine for itself.
for (const part of chosen) tool('vitest/vitest.mjs', 'run', '--project', part, ...options);

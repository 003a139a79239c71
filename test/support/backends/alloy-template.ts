import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Transform } from './otelcol-config.ts';

const program = fileURLToPath(new URL('../../backends/alloy-syntax', import.meta.url));
const template = fileURLToPath(new URL('../../../templates/alloy/single-user.alloy', import.meta.url));

/** The transform statements of the shipped templates, read from one with Alloy's own parser. Needs Go. @throws {Error} when it cannot */
export function templateTransform(): Transform {
  const { error, status, stdout, stderr } = spawnSync('go', ['run', '.', '-transform', template], {
    cwd: program,
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

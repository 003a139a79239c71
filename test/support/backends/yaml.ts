import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const reader = fileURLToPath(new URL('../../backends/yaml', import.meta.url));

/** What is in a YAML file. Needs Go. @throws {Error} with what the parser said */
export function readYaml<T>(path: string): T {
  return JSON.parse(execFileSync('go', ['run', '.', path], { cwd: reader, encoding: 'utf8' }));
}

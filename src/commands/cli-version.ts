import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The version in the `package.json` that a program file of an npm package belongs to; null for other
 * installs. Starting the CLI to ask it would take seconds (facts/gemini.md §5), and its telemetry may not say
 * it.
 */
export function cliVersionOf(file: string, npmPackage: string): string | null {
  let directory: string;
  try {
    directory = dirname(realpathSync(file));
  } catch {
    return null;
  }
  for (; dirname(directory) !== directory; directory = dirname(directory)) {
    const manifest = readManifest(join(directory, 'package.json'));
    if (manifest?.name === npmPackage) return typeof manifest.version === 'string' ? manifest.version : null;
  }
  return null;
}

function readManifest(path: string): { name?: unknown; version?: unknown } | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof manifest === 'object' ? manifest : null;
  } catch {
    return null;
  }
}

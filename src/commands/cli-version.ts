import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Cli } from '../providers/provider.ts';

/**
 * The version of a CLI's program file: that of the `package.json` it belongs to, or what its path says (Homebrew,
 * Claude's own installer); null where neither tells. Starting the CLI to ask it would take seconds
 * (facts/gemini.md §5).
 */
export function cliVersionOf(file: string, { npmPackage, versionInPath }: CliNames): string | null {
  let path: string;
  try {
    path = realpathSync.native(file);
  } catch {
    return null;
  }
  for (const directory of packageFolders(path, npmPackage)) {
    const manifest = readManifest(join(directory, 'package.json'));
    if (manifest?.name === npmPackage) return withoutPlatform(manifest.version);
  }
  const named = versionInPath.exec(path)?.[1];
  // Homebrew adds `_1` when it builds the same version again.
  return named === undefined || numbersIn(named) === null ? null : named.replace(/_\d+$/, '');
}

/** `@openai/codex` comes in a package of the same name for each platform: `0.169.0-linux-x64`. */
function withoutPlatform(version: unknown): string | null {
  return typeof version === 'string' ? version.replace(/-(linux|darwin|win32)-\w+$/, '') : null;
}

/** Where the `package.json` may be: the folder that npm installs to, and nothing else, or any folder above the file. */
function packageFolders(file: string, npmPackage: string): string[] {
  const installed = `${sep}node_modules${sep}${npmPackage.replace('/', sep)}`;
  const at = file.lastIndexOf(installed + sep);
  if (at >= 0) return [file.slice(0, at + installed.length)];
  const folders: string[] = [];
  for (let each = dirname(file); dirname(each) !== each; each = dirname(each)) folders.push(each);
  return folders;
}

type CliNames = Pick<Cli, 'npmPackage' | 'versionInPath'>;

/** Is it older than the first one that can be traced? One that is not understood is taken for new. */
export function isTooOld(version: string, firstVersion: string): boolean {
  const [own, first] = [numbersIn(version), numbersIn(firstVersion)];
  if (own === null || first === null) return false;
  const at = own.findIndex((number, index) => number !== first[index]);
  return at >= 0 && (own[at] ?? 0) < (first[at] ?? 0);
}

/** Of `1.2.3`, with anything behind it. */
function numbersIn(version: string): number[] | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return parts?.slice(1).map(Number) ?? null;
}

function readManifest(path: string): { name?: unknown; version?: unknown } | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof manifest === 'object' ? manifest : null;
  } catch {
    return null;
  }
}

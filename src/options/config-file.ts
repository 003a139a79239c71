import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The little that loading options asks of the file system. */
export interface OptionFs {
  /** undefined when there is no such file; throws when it cannot be read. */
  read(file: string): string | undefined;
  exists(path: string): boolean;
  /** May nobody but the user read it? */
  isPrivate(file: string): boolean;
}

export const optionFs: OptionFs = {
  read(file) {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && isAbsent(error.code)) return undefined;
      throw error;
    }
  },
  exists: existsSync,
  // Windows has no such bits: what stands in the user's profile is private there.
  isPrivate: (file) => process.platform === 'win32' || (statSync(file).mode & 0o077) === 0,
};

function isAbsent(code: unknown): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export type ConfigFile =
  | { kind: 'read'; file: string; values: Readonly<Record<string, unknown>> }
  | { kind: 'absent' }
  | { kind: 'unreadable'; file: string; reason: string };

const projectFileName = '.ai-trace.toml';

/** Reads one TOML file. The parser is loaded only when there is something to parse: it costs 15 ms. */
export async function readConfigFile(file: string, fs: OptionFs): Promise<ConfigFile> {
  try {
    const text = fs.read(file);
    if (text === undefined) return { kind: 'absent' };
    const { parse } = await import('smol-toml');
    return { kind: 'read', file, values: parse(text) };
  } catch (error) {
    return { kind: 'unreadable', file, reason: reasonOf(error) };
  }
}

/** The parser's own message goes on with a picture of the place. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n', 1);
  return 'line' in error ? `${message} in line ${error.line}` : message;
}

/**
 * The project file nearest to `cwd`, not above the repository's root or the home directory. Outside both only
 * `cwd` itself is looked at: what stands further up (`/tmp`) may be anybody's.
 */
export function findProjectFile(cwd: string, home: string, fs: OptionFs): string | undefined {
  const directories = ancestors(cwd);
  const last = directories.findIndex((each) => each === home || fs.exists(join(each, '.git')));
  const searched = directories.slice(0, Math.max(last, 0) + 1);
  return searched.map((each) => join(each, projectFileName)).find((file) => fs.exists(file));
}

/** `cwd` first, the root last. */
function ancestors(cwd: string): string[] {
  const found = [cwd];
  for (let at = cwd; dirname(at) !== at; at = dirname(at)) found.push(dirname(at));
  return found;
}

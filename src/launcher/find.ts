import { accessSync, constants, readFileSync, realpathSync, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { readShim } from './shim.ts';

/**
 * `leadingArgs` stand before the CLI's own: empty, but for a Windows shim (the script that its interpreter
 * runs).
 */
export type FindResult =
  | { kind: 'found'; file: string; leadingArgs: readonly string[] }
  | { kind: 'not_found' }
  | { kind: 'not_executable'; file: string };

/** The few questions the search asks of the file system; none of them throws. */
export interface FindFs {
  isFile(file: string): boolean;
  isExecutable(file: string): boolean;
  /** With all symbolic links resolved; the path itself when that fails. */
  realpath(file: string): string;
  read(file: string): string;
}

export interface Search {
  /** PATH as it stands in the environment. */
  path: string | undefined;
  /** PATHEXT, Windows only. */
  pathExt?: string | undefined;
  cwd?: string;
  /** ai-trace's own program file: never the answer, whatever name or link leads to it. */
  self: string;
  platform: NodeJS.Platform;
  fs?: FindFs;
}

/** What execvp(3) searches when PATH is not set. */
const defaultPath = '/bin:/usr/bin';

/** What can be started without a shell: real programs, and npm's shims once they are read. */
const windowsExtensions = ['.com', '.exe', '.cmd', '.bat'];

/**
 * Finds the program a shell would start for `name`, but never ai-trace itself (it may stand on PATH under the
 * CLI's name). As in execvp(3) a name with a slash is used directly, an empty PATH entry is the current
 * directory, and a file without the execute permission is passed over but remembered. Windows' rules are
 * tested with a made-up file system only.
 */
export function findExecutable(name: string, search: Search): FindResult {
  const fs = search.fs ?? nodeFs;
  const self = fs.realpath(search.self);
  let refused: string | undefined;

  for (const file of candidates(name, search)) {
    if (!fs.isFile(file) || fs.realpath(file) === self) continue;
    const program = startable(file, search.platform, fs);
    if (program === null) {
      refused ??= file;
      continue;
    }
    if (program.leadingArgs.some((script) => fs.realpath(script) === self)) continue;
    return { kind: 'found', ...program };
  }
  return refused === undefined ? { kind: 'not_found' } : { kind: 'not_executable', file: refused };
}

function candidates(name: string, search: Search): string[] {
  const windows = search.platform === 'win32';
  const { delimiter, resolve } = windows ? win32 : posix;
  const direct = name.includes('/') || (windows && name.includes('\\'));
  const directories = direct ? [''] : (search.path ?? (windows ? '' : defaultPath)).split(delimiter);
  const names = windows ? withExtensions(name, search.pathExt) : [name];
  return directories.flatMap((directory) => names.map((each) => resolve(search.cwd ?? '', directory, each)));
}

function withExtensions(name: string, pathExt = '.COM;.EXE;.BAT;.CMD'): string[] {
  if (windowsExtensions.includes(win32.extname(name).toLowerCase())) return [name];
  const extensions = pathExt.toLowerCase().split(';');
  return extensions.filter((each) => windowsExtensions.includes(each)).map((each) => name + each);
}

function startable(file: string, platform: NodeJS.Platform, fs: FindFs) {
  if (platform !== 'win32') return fs.isExecutable(file) ? { file, leadingArgs: [] } : null;
  const isBatch = /\.(cmd|bat)$/i.test(file);
  return isBatch ? readShim(file, fs.read(file)) : { file, leadingArgs: [] };
}

const nodeFs: FindFs = {
  isFile: (file) => attempt(() => statSync(file).isFile(), false),
  isExecutable: (file) => attempt(() => accessSync(file, constants.X_OK) === undefined, false),
  realpath: (file) => attempt(() => realpathSync(file), file),
  read: (file) => attempt(() => readFileSync(file, 'utf8'), ''),
};

function attempt<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

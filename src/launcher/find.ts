import { posix, win32 } from 'node:path';
import { foreignMachine } from './foreign-program.ts';
import { type ProgramFiles, programFiles } from './program-files.ts';
import { readShim } from './shim.ts';

export type FindResult =
  | Found
  | { kind: 'not_found' }
  /** Nothing of that name but files that lead back to ai-trace. */
  | { kind: 'only_ourselves'; file: string }
  | { kind: 'dangling_link'; file: string }
  | { kind: 'directory'; file: string }
  | { kind: 'not_executable'; file: string }
  /** Made for another kind of processor. */
  | { kind: 'foreign_program'; file: string; machine: string };

export interface Found {
  kind: 'found';
  file: string;
  /** They stand before the CLI's own: the script that an interpreter runs. */
  leadingArgs: readonly string[];
  /** Scripts that were passed over because they wait for us. */
  waiting: readonly string[];
}

export interface Search {
  /** PATH as it stands in the environment. */
  path: string | undefined;
  /** PATHEXT, Windows only. */
  pathExt?: string | undefined;
  cwd?: string;
  /** ai-trace's own program file: never the answer, whatever name or link leads to it. */
  self: string;
  /** Files that have been started already and have led back to us. */
  skip?: readonly string[];
  /** Of the CLI: a file in it is no wrapper. */
  npmPackage?: string;
  /** The command line of the process that started us. Asked only where a script is in question. */
  parentArgs?(): readonly string[];
  platform: NodeJS.Platform;
  arch?: string;
  fs?: ProgramFiles;
}

/** What execvp(3) searches when PATH is not set. */
const defaultPath = '/bin:/usr/bin';

/** What can be started without a shell: real programs, and npm's shims once they are read. */
const windowsExtensions = ['.com', '.exe', '.cmd', '.bat'];

/**
 * Finds the program a shell would start for `name`, but never ai-trace itself: it may stand on PATH under the
 * CLI's name, as a link, as a copy, or behind a script that waits for us. As in execvp(3) a name with a slash is
 * used directly, an empty PATH entry is the current directory, a file without the execute permission is passed
 * over but remembered, and a text without `#!` is for /bin/sh. Windows' rules are tested with a made-up file
 * system only.
 */
export function findExecutable(name: string, search: Search): FindResult {
  const fs = search.fs ?? programFiles;
  const isOurs = ownFiles(search, fs);
  const waiting: string[] = [];
  let refused: FindResult | undefined;

  for (const file of candidates(name, search)) {
    const seen = fs.look(file);
    if (seen === null) continue;
    if (seen.isDirectory) {
      // On PATH a shell passes over it without a word.
      if (isDirect(name, search)) refused ??= { kind: 'directory', file };
      continue;
    }
    const real = fs.realpath(file);
    const program = isOurs(seen.identity, real) ? ourselves(file) : startable(file, real, search, fs);
    if (program.kind === 'waiting') waiting.push(file);
    if (
      program.kind === 'found' &&
      !program.leadingArgs.some((script) => isOurs(fs.look(script)?.identity, script))
    ) {
      return { ...program, waiting };
    }
    refused ??= program.kind === 'found' || program.kind === 'waiting' ? ourselves(file) : program;
  }
  return refused ?? danglingLink(name, search, fs) ?? { kind: 'not_found' };
}

function ourselves(file: string) {
  return { kind: 'only_ourselves', file } as const;
}

/** Ourselves, another copy of ai-trace, or what has led back to us. */
function ownFiles({ self, skip = [] }: Search, fs: ProgramFiles) {
  const known = [self, ...skip].map((file) => fs.look(file)?.identity);
  return (identity: string | undefined, real: string) =>
    (identity !== undefined && known.includes(identity)) || /[\\/]ai-trace(\.[cm]?js)?$/.test(real);
}

function isDirect(name: string, { platform }: Search): boolean {
  return name.includes('/') || (platform === 'win32' && name.includes('\\'));
}

function candidates(name: string, search: Search): string[] {
  const windows = search.platform === 'win32';
  const { delimiter, resolve } = windows ? win32 : posix;
  const directories = isDirect(name, search)
    ? ['']
    : (search.path ?? (windows ? '' : defaultPath)).split(delimiter);
  const names = windows ? withExtensions(name, search.pathExt) : [name];
  return directories.flatMap((directory) => names.map((each) => resolve(search.cwd ?? '', directory, each)));
}

function withExtensions(name: string, pathExt = '.COM;.EXE;.BAT;.CMD'): string[] {
  if (windowsExtensions.includes(win32.extname(name).toLowerCase())) return [name];
  const extensions = pathExt.toLowerCase().split(';');
  return extensions.filter((each) => windowsExtensions.includes(each)).map((each) => name + each);
}

type Startable =
  | Omit<Found, 'waiting'>
  | { kind: 'waiting' }
  | Extract<FindResult, { kind: 'not_executable' | 'foreign_program' }>;

/** @param real the file with its links resolved */
function startable(file: string, real: string, search: Search, fs: ProgramFiles): Startable {
  const { platform, arch = process.arch, npmPackage } = search;
  if (platform === 'win32') return onWindows(file, fs);
  if (!fs.isExecutable(file)) return { kind: 'not_executable', file };
  const asItIs = { kind: 'found', file, leadingArgs: [] } as const;
  // What is in the CLI's own package is the CLI, and need not be looked into.
  if (npmPackage !== undefined && real.includes(`/node_modules/${npmPackage}/`)) return asItIs;
  const head = fs.head(file);
  if (head.startsWith('#!')) return isWaitingForUs(file, search) ? { kind: 'waiting' } : asItIs;
  const machine = platform === 'linux' ? foreignMachine(head, arch) : null;
  if (machine !== null && !fs.runsForeign()) return { kind: 'foreign_program', file, machine };
  // Every program has zeros in its first bytes. What cannot be read is started as it is.
  const isText = head !== '' && !head.includes('\0');
  return isText ? { kind: 'found', file: '/bin/sh', leadingArgs: [file] } : asItIs;
}

/** Is it a script that calls us, and that we would call again? One of the CLI's own package may be above us as well, when the CLI runs us as a tool. */
function isWaitingForUs(file: string, { parentArgs }: Search): boolean {
  return parentArgs?.().includes(file) ?? false;
}

function onWindows(file: string, fs: ProgramFiles): Startable {
  if (!/\.(cmd|bat)$/i.test(file)) return { kind: 'found', file, leadingArgs: [] };
  const target = readShim(file, fs.read(file));
  return target ? { kind: 'found', ...target } : { kind: 'not_executable', file };
}

/** Looked for only when nothing was found: it asks of every entry once more. */
function danglingLink(name: string, search: Search, fs: ProgramFiles): FindResult | undefined {
  const file = candidates(name, search).find((each) => fs.isLink(each));
  return file === undefined ? undefined : { kind: 'dangling_link', file };
}

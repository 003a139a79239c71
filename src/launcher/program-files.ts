import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';

export interface Seen {
  isDirectory: boolean;
  /** The same for every link to one file, hard ones included. */
  identity: string;
}

/** The few questions that the search for a program asks of the file system; none of them throws. */
export interface ProgramFiles {
  /** What is there, links followed; null when nothing is. */
  look(file: string): Seen | null;
  isLink(file: string): boolean;
  isExecutable(file: string): boolean;
  /** With all symbolic links resolved; the path itself when that fails. */
  realpath(file: string): string;
  read(file: string): string;
  /** The first bytes, each as a character; empty when it cannot be read. */
  head(file: string): string;
  /** Can this system run programs of other processors (Linux: binfmt_misc)? */
  runsForeign(): boolean;
}

/** Enough for the header of a program, and to tell a text from one. */
const headLength = 64;

export const programFiles: ProgramFiles = {
  look: (file) => {
    // Numbers of files can be too large to be told apart as doubles (Windows).
    const stat = attempt(() => statSync(file, { bigint: true, throwIfNoEntry: false }), undefined);
    return stat ? { isDirectory: stat.isDirectory(), identity: `${stat.dev}:${stat.ino}` } : null;
  },
  isLink: (file) => attempt(() => lstatSync(file).isSymbolicLink(), false),
  isExecutable: (file) => attempt(() => accessSync(file, constants.X_OK) === undefined, false),
  realpath: (file) => attempt(() => realpathSync.native(file), file),
  read: (file) => attempt(() => readFileSync(file, 'utf8'), ''),
  head: (file) => attempt(() => firstBytes(file), ''),
  runsForeign: () =>
    attempt(() => readdirSync('/proc/sys/fs/binfmt_misc'), []).some(
      (name) => name !== 'register' && name !== 'status',
    ),
};

function firstBytes(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(headLength);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, headLength, 0));
  } finally {
    closeSync(descriptor);
  }
}

function attempt<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

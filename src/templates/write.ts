import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TemplateFile } from './files.ts';

export type Written =
  /** `kept`: were there already, byte for byte. */
  | { kind: 'written'; written: string[]; kept: string[] }
  /** Other files stand there: nothing was written. */
  | { kind: 'in_the_way'; files: string[] }
  /** Nothing is left of it. `reason` is the system's code. */
  | { kind: 'failed'; file: string; reason: string };

/** Writes files below a folder, all or none, and none over another. Paths in the answer are those of the files in it. */
export async function writeFiles(dir: string, files: readonly TemplateFile[]): Promise<Written> {
  const states = await Promise.all(files.map(async (file) => ({ file, state: await stateOf(dir, file) })));
  const inTheWay = states.filter(({ state }) => state === 'other');
  if (inTheWay.length > 0) return { kind: 'in_the_way', files: inTheWay.map(({ file }) => file.path) };

  const written: string[] = [];
  for (const { file, state } of states) {
    if (state === 'same') continue;
    const failure = await create(join(dir, file.path), file.bytes);
    if (failure !== null) {
      for (const path of written) await rm(join(dir, path), { force: true });
      return failure === 'EEXIST'
        ? { kind: 'in_the_way', files: [file.path] }
        : { kind: 'failed', file: join(dir, file.path), reason: failure };
    }
    written.push(file.path);
  }
  const kept = states.filter(({ state }) => state === 'same').map(({ file }) => file.path);
  return { kind: 'written', written, kept };
}

async function stateOf(dir: string, { path, bytes }: TemplateFile): Promise<'missing' | 'same' | 'other'> {
  try {
    return bytes.equals(await readFile(join(dir, path))) ? 'same' : 'other';
  } catch (error) {
    // Whatever else is wrong with it, writing will tell.
    return codeOf(error) === 'EISDIR' ? 'other' : 'missing';
  }
}

/** @returns the system's code of what went wrong */
async function create(path: string, bytes: Buffer): Promise<string | null> {
  try {
    await mkdir(dirname(path), { recursive: true });
    // Not through a link either, and not over what came in between.
    await writeFile(path, bytes, { flag: 'wx' });
    return null;
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

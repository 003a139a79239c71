import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Template } from './catalogue.ts';

export interface TemplateFile {
  /** Where it is written, from the place that is asked for; with `/`. */
  path: string;
  bytes: Buffer;
}

/**
 * The files of a template, sorted by path.
 * @param root the folder `templates/` of this package
 * @throws {Error} of the file system when a part is not there
 */
export async function readTemplate(root: string, { parts, base }: Template): Promise<TemplateFile[]> {
  const paths = (await Promise.all(parts.map((part) => filesAt(join(root, part))))).flat();
  const files = paths.map(async (path) => ({
    path: relative(join(root, base), path).replaceAll(sep, '/'),
    bytes: await readFile(path),
  }));
  return (await Promise.all(files)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function filesAt(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(isNoFolder);
  if (entries === null) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function isNoFolder(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOTDIR') return null;
  throw error;
}

import type { OptionFs } from './config-file.ts';
import type { Parsed, Place } from './option.ts';
import { headerProblem, type Pairs } from './pairs.ts';
import { parsePath } from './path-value.ts';

export interface HeadersFile {
  file: string;
  /** Names in lower case. */
  headers: Pairs;
  /** Nobody but the user may read it. */
  isPrivate: boolean;
}

/**
 * Reads a file of headers, one `Name: value` or `name=value` a line; `#` begins a line that is a comment. A
 * problem names the line and never shows it: it may hold a secret.
 */
export function parseHeadersFile(texts: readonly string[], place: Place, fs: OptionFs): Parsed<HeadersFile> {
  const path = parsePath(texts, place);
  if (!path.ok) return path;
  const file = path.value;
  const content = readOption(file, fs);
  if (!content.ok) return content;

  const headers: [string, string][] = [];
  for (const [index, line] of content.value.split(/\r?\n/).entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    // Neither separator is possible in a name.
    const [, name, value] = /^([^:=]*)[:=](.*)$/.exec(text) ?? [];
    const problem = (reason: string) =>
      ({ ok: false, value: file, reason: `line ${index + 1} ${reason}` }) as const;
    if (name === undefined || value === undefined)
      return problem('is neither "Name: value" nor "name=value"');
    const reason = headerProblem(name.trim(), value.trim());
    if (reason !== null) return problem(`is no header: ${reason}`);
    headers.push([name.trim().toLowerCase(), value.trim()]);
  }
  return { ok: true, value: { file, headers: Object.fromEntries(headers), isPrivate: fs.isPrivate(file) } };
}

/** A file that an option names: it has to be there. */
export function parseExistingFile(texts: readonly string[], place: Place, fs: OptionFs): Parsed<string> {
  const path = parsePath(texts, place);
  if (!path.ok) return path;
  const content = readOption(path.value, fs);
  return content.ok ? path : content;
}

function readOption(file: string, fs: OptionFs): Parsed<string> {
  try {
    const content = fs.read(file);
    if (content !== undefined) return { ok: true, value: content };
    return { ok: false, value: file, reason: 'there is no such file' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return { ok: false, value: file, reason: `it cannot be read (${code})` };
  }
}

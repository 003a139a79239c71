import { join, resolve } from 'node:path';
import type { Parsed, Place } from './option.ts';

/**
 * Absolute; `~/` is the home directory, as a shell would have made of it, but in a file or after `file:` it
 * does not.
 */
export function resolvePath(text: string, { cwd, home }: Place): string {
  return resolve(cwd, expandHome(text, home));
}

export function expandHome(text: string, home: string): string {
  return text.startsWith('~/') ? join(home, text.slice(2)) : text;
}

export function parsePath(texts: readonly string[], place: Place): Parsed<string> {
  const text = texts.at(-1) ?? '';
  if (text === '') return { ok: false, value: text, reason: 'the path is empty' };
  return { ok: true, value: resolvePath(text, place) };
}

import type { Node } from 'jsonc-parser';
import { type JsonStyle, lineIndentation } from './style.ts';

export type JsonValue = string | number | boolean | { readonly [key: string]: JsonValue };

export interface Insertion {
  at: number;
  text: string;
}

/**
 * New members come first in their object: no comma of another member changes, whether the last has one or not, and
 * every comment stays where it says something.
 */
export function insertionOf(
  text: string,
  object: Node,
  members: readonly (readonly [key: string, value: JsonValue])[],
  style: JsonStyle,
): Insertion {
  const open = object.offset + 1;
  const [first] = object.children ?? [];
  if (first !== undefined && !text.slice(open, first.offset).includes('\n')) {
    const at = open + (/^[ \t]*/.exec(text.slice(open))?.[0].length ?? 0);
    return { at, text: members.map(([key, value]) => `"${key}": ${onOneLine(value)}, `).join('') };
  }
  const { lineBreak, indent } = style;
  const outer = lineIndentation(text, object.offset);
  const inner = first === undefined ? outer + indent : lineIndentation(text, first.offset);
  const lines = members.map(([key, value]) => `${inner}"${key}": ${onLines(value, inner, style)}`);
  const block = lineBreak + lines.join(`,${lineBreak}`) + (first === undefined ? '' : ',');
  const rest = restOfLine.exec(text.slice(open));
  if (rest !== null) return { at: open + rest[0].length, text: block };
  return { at: open, text: first === undefined ? block + lineBreak + outer : block };
}

/** Behind an opening brace: a comment on its line belongs to it. */
const restOfLine = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(?=\r?\n)/;

function onLines(value: JsonValue, inner: string, { lineBreak, indent }: JsonStyle): string {
  return JSON.stringify(value, null, indent).split('\n').join(`${lineBreak}${inner}`);
}

/** { "a": 1 } */
export function onOneLine(value: JsonValue): string {
  return JSON.stringify(value, null, ' ').replace(/\n */g, ' ');
}

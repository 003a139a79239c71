import type { Node } from 'jsonc-parser';
import { type LineBreak, lineBreakOf } from '../line-break.ts';

/** How a document is laid out, so that what is added looks like the rest. */
export interface JsonStyle {
  lineBreak: LineBreak;
  /** One step of indentation. */
  indent: string;
}

export function styleOf(text: string, root: Node): JsonStyle {
  const first = root.children?.[0];
  const before = first === undefined ? '' : indentationAt(text, first.offset);
  return { lineBreak: lineBreakOf(text), indent: before || '  ' };
}

/** White space between the line's beginning and this offset; empty when something else stands there. */
function indentationAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]+$/.test(line) ? line : '';
}

/** Indentation of the line that this offset is on. */
export function lineIndentation(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';
}

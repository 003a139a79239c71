import { createScanner, type Node } from 'jsonc-parser';

/** A part of a text. */
export interface Span {
  start: number;
  end: number;
}

/**
 * What has to go so that a member is gone: itself, its line if it has it for itself, and one comma. Comments around it
 * stay.
 */
export function spansOfMember(text: string, property: Node): Span[] {
  const { offset, length, parent } = property;
  const end = offset + length;
  const siblings = parent?.children ?? [];
  const previous = siblings[siblings.indexOf(property) - 1];
  const after = commaFrom(text, end);
  const before =
    after === null && previous !== undefined ? commaFrom(text, previous.offset + previous.length) : null;
  const commas = [before, after].flatMap((at) =>
    at === null || at === end ? [] : [{ start: at, end: at + 1 }],
  );
  return [...commas, ofLine(text, offset, after === end ? end + 1 : end)];
}

/**
 * Takes the whole line of a member that has it for itself. Otherwise the line stays, for what follows must not come
 * behind a comment of the line above; the member then takes the blank behind it along.
 */
function ofLine(text: string, start: number, end: number): Span {
  const lead = /\r?\n[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const isAlone = lead > 0 && /^[ \t]*\r?\n/.test(text.slice(end));
  if (isAlone) return { start: start - lead, end };
  return { start, end: text[end] === ' ' ? end + 1 : end };
}

/** Offset of the comma that comes next, comments aside; null when something else does. */
function commaFrom(text: string, offset: number): number | null {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return text[at] === ',' ? at : null;
}

/** The text without these parts, which do not overlap. */
export function without(text: string, spans: readonly Span[]): string {
  const fromTheEnd = [...spans].sort((a, b) => b.start - a.start);
  return fromTheEnd.reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

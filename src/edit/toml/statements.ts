import { parse } from 'smol-toml';

/** One statement of a TOML document. It takes whole lines: `start` is a line's first character, `end` is behind the last line break. */
export interface Statement {
  kind: 'table' | 'pair';
  /** From the root of the document, the table's path included. */
  path: readonly string[];
  start: number;
  end: number;
}

/**
 * The statements of a document that a parser has accepted, in order. Comments and blank lines between them belong
 * to none.
 */
export function statements(toml: string): Statement[] {
  const found: Statement[] = [];
  let table: readonly string[] = [];
  for (const { start, end } of logicalLines(toml)) {
    const line = toml.slice(start, end);
    const header = headerPattern.exec(line)?.groups?.['key'];
    if (header !== undefined) {
      table = pathOf(header);
      found.push({ kind: 'table', path: table, start, end });
      continue;
    }
    const key = pairPattern.exec(line)?.groups?.['key'];
    if (key !== undefined) found.push({ kind: 'pair', path: [...table, ...pathOf(key)], start, end });
  }
  return found;
}

/** Words of a key: quoted ones may hold anything. */
const keyText = `(?<key>(?:"(?:\\\\.|[^"\\\\])*"|'[^']*'|[^"'=#\\[\\]])+)`;
const headerPattern = new RegExp(`^[ \\t]*\\[\\[?${keyText}\\]`);
const pairPattern = new RegExp(`^${keyText}=`);

/** The parser is asked what a key says: `a . "b"` → a, b. */
function pathOf(key: string): string[] {
  const path: string[] = [];
  let value: unknown = parse(`${key} = 0`);
  while (typeof value === 'object' && value !== null) {
    const [[name, inner] = ['', 0]] = Object.entries(value);
    path.push(name);
    value = inner;
  }
  return path;
}

/** Multi-line strings before the others; up to two quotes may stand before the closing ones. */
const token =
  /"""(?:\\[\s\S]|(?!""")[\s\S])*"{3,5}|'''(?:(?!''')[\s\S])*'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[^"'#[\]{}\n]+|[\s\S]/gy;

/** Lines, those that a string or a bracket holds together as one. */
function* logicalLines(toml: string): Generator<{ start: number; end: number }> {
  let depth = 0;
  // A byte order mark belongs to no line.
  let start = toml.startsWith('\ufeff') ? 1 : 0;
  for (const { 0: text, index } of toml.matchAll(token)) {
    if (text === '[' || text === '{') depth++;
    else if (text === ']' || text === '}') depth--;
    else if (text === '\n' && depth === 0) {
      yield { start, end: index + 1 };
      start = index + 1;
    }
  }
  if (start < toml.length) yield { start, end: toml.length };
}

import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';

export type JsonPath = readonly string[];

/** JSON with comments, as a tree that knows where each value stands. */
export type JsonDocument = { ok: true; root: Node } | { ok: false; line: number; reason: string };

/** What a program takes beyond plain JSON. */
export interface JsonDialect {
  comments: boolean;
  byteOrderMark: boolean;
  /** Behind the last member. */
  finalCommas: boolean;
}

/** Everything that leaves no doubt where a value stands. */
const lenient: JsonDialect = { comments: true, byteOrderMark: true, finalCommas: true };

export function parseDocument(text: string, dialect = lenient): JsonDocument {
  const errors: ParseError[] = [];
  const options = { disallowComments: !dialect.comments, allowTrailingComma: dialect.finalCommas };
  const root = parseTree(dialect.byteOrderMark ? masked(text) : text, errors, options);
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    return { ok: false, line, reason: spoken(printParseErrorCode(error.error)) };
  }
  if (root?.type !== 'object') return { ok: false, line: 1, reason: 'not an object' };
  return { ok: true, root };
}

/** The value at a path; its parent is the property. */
export function valueAt(root: Node, path: JsonPath): Node | undefined {
  return findNodeAtLocation(root, [...path]);
}

/** What a value says, as plain objects and arrays. */
export function meaningOf(node: Node): unknown {
  // The library's objects have no prototype, and are equal to none of ours.
  return structuredClone(getNodeValue(node));
}

/** Of two members of one name a program sees the last, a reader the first: the path of such, if it is on one of these. */
export function duplicateOn(root: Node, paths: readonly JsonPath[]): JsonPath | undefined {
  const within = paths.flatMap((path) => path.map((_, depth) => path.slice(0, depth + 1)));
  return within.find((path) => {
    const parent = valueAt(root, path.slice(0, -1));
    return (parent?.children ?? []).filter(({ children }) => children?.[0]?.value === path.at(-1)).length > 1;
  });
}

/** A space in its place keeps the offsets. */
function masked(text: string): string {
  return text.replace(/^\ufeff/, ' ');
}

/** "PropertyNameExpected" → "property name expected" */
function spoken(code: string): string {
  return code
    .replace(/(?!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/^./, (first) => first.toLowerCase());
}

import { expect, test } from 'vitest';
import { parseDocument, valueAt } from '../../../src/edit/jsonc/document.ts';
import { spansOfMember, without } from '../../../src/edit/jsonc/remove.ts';

/** The text without the member `x` of its root. */
function removed(text: string): string {
  const document = parseDocument(text);
  if (!document.ok) throw new Error(document.reason);
  const property = valueAt(document.root, ['x'])?.parent;
  if (property === undefined) throw new Error('no x');
  return without(text, spansOfMember(text, property));
}

test.each([
  ['alone', '{"x":1}', '{}'],
  ['alone on its line', '{\n  "x": 1\n}', '{\n}'],
  ['first', '{"x":1,"a":2}', '{"a":2}'],
  ['first, with blanks', '{ "x": 1, "a": 2 }', '{ "a": 2 }'],
  ['first on its line', '{\n  "x": 1,\n  "a": 2\n}', '{\n  "a": 2\n}'],
  ['first on its line, CRLF', '{\r\n\t"x": 1,\r\n\t"a": 2\r\n}', '{\r\n\t"a": 2\r\n}'],
  ['in the middle', '{"a":1, "x":2, "b":3}', '{"a":1, "b":3}'],
  ['last', '{"a":1,"x":2}', '{"a":1}'],
  ['last on its line', '{\n  "a": 1,\n  "x": 2\n}', '{\n  "a": 1\n}'],
  ['last, with a comma behind it', '{\n  "a": 1,\n  "x": 2,\n}', '{\n  "a": 1,\n}'],
  [
    'with comments around it',
    '{ // a\n  "x": 1, // x\n  // b\n  "b": 2\n}',
    '{ // a\n  // x\n  // b\n  "b": 2\n}',
  ],
  [
    'last, with comments',
    '{\n  "a": 1 /* , */, // a\n  "x": 2 // x\n}',
    '{\n  "a": 1 /* , */ // a\n  // x\n}',
  ],
  ['with a comma that stands apart', '{\n  "x": 1\n  , "a": 2\n}', '{\n   "a": 2\n}'],
  ['last, behind a comment of the line above', '{\n  "a": 1, // a\n  "x": 2}', '{\n  "a": 1 // a\n  }'],
  ['over several lines', '{\n  "x": {\n    "y": [1,\n 2]\n  },\n  "a": 2\n}', '{\n  "a": 2\n}'],
])('removes a member that is %s', (_, text, rest) => {
  expect(removed(text)).toBe(rest);
});

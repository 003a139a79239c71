import { expect, test } from 'vitest';
import { writeMembers } from '../../../src/edit/jsonc/members.ts';

const members = [
  { path: ['env', 'x'], value: '1' },
  { path: ['env', 'y'], value: { z: true } },
];

test.each([
  ['on one line', '{"env": { "a": 1 }}', '{"env": { "x": "1", "y": { "z": true }, "a": 1 }}'],
  ['minified', '{"env":{"a":1}}', '{"env":{"x": "1", "y": { "z": true }, "a":1}}'],
  [
    'on lines, with tabs and CRLF',
    '{\r\n\t"env": {\r\n\t\t"a": 1\r\n\t}\r\n}',
    '{\r\n\t"env": {\r\n\t\t"x": "1",\r\n\t\t"y": {\r\n\t\t\t"z": true\r\n\t\t},\r\n\t\t"a": 1\r\n\t}\r\n}',
  ],
  [
    'behind the comment on the line of the brace',
    '{"env": { // mine\n  "a": 1 // a\n}}',
    '{"env": { // mine\n  "x": "1",\n  "y": {\n    "z": true\n  },\n  "a": 1 // a\n}}',
  ],
  [
    'in front of a comment over lines',
    '{"env": { /* mine\n  yes */ "a": 1}}',
    '{"env": {\n  "x": "1",\n  "y": {\n    "z": true\n  }, /* mine\n  yes */ "a": 1}}',
  ],
  [
    'in an empty object, with a comment on a line behind it',
    '{\n "env": { /* , } */ } /* , } */ \n}',
    '{\n "env": {\n  "x": "1",\n  "y": {\n   "z": true\n  }\n  /* , } */ } /* , } */ \n}',
  ],
  [
    'in an object of their own',
    '{ // nothing yet\n}\n',
    '{ // nothing yet\n  "env": {\n    "x": "1",\n    "y": {\n      "z": true\n    }\n  }\n}\n',
  ],
  ['where one is there already', '{"env": {"y": {"z" :true}}}', '{"env": {"x": "1", "y": {"z" :true}}}'],
  [
    'in the place of other values',
    '{"env": {"x" :null, "y": [ ]}}',
    '{"env": {"x" :"1", "y": { "z": true }}}',
  ],
])('members come first, %s', (_, text, after) => {
  expect(writeMembers(text, members).text).toBe(after);
});

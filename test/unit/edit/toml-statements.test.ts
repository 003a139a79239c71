import { expect, test } from 'vitest';
import { statements } from '../../../src/edit/toml/statements.ts';

/** Each statement as its path and its text. */
function found(toml: string): [string, string][] {
  return statements(toml).map(({ path, start, end }) => [path.join('|'), toml.slice(start, end)]);
}

test('has the complete path of each, and whole lines', () => {
  expect(found('\ufeffa = 1 # one\n\n  [ "x y" . z ]\r\n\tb.c = 2\r\n[[ l ]]\n"q.r".\'s\' = 3')).toEqual([
    ['a', 'a = 1 # one\n'],
    ['x y|z', '  [ "x y" . z ]\r\n'],
    ['x y|z|b|c', '\tb.c = 2\r\n'],
    ['l', '[[ l ]]\n'],
    ['l|q.r|s', '"q.r".\'s\' = 3'],
  ]);
});

test.each([
  ['a multi-line string', 'a = """\n[otel]\nb = 1\n"""\n'],
  ['quotes at the end of one', 'a = """"[otel]""""\n'],
  ['an escaped quote', 'a = """\\"""\n[otel]\n"""\n'],
  ['a literal string', "a = '''\n[otel]\n\\'''\n"],
  ['an array with comments', 'a = [ # ]\n1, # "\n[otel] ]\n'.replace('[otel]', '["otel"]')],
  ['an inline table over lines', 'a = {\n b = 1,\n}\n'],
  ['brackets in strings', 'a = ["]", \'}\', """[\n"""]\n'],
])('takes %s as one', (_, toml) => {
  expect(found(`${toml}b = 1\n`)).toEqual([
    ['a', toml],
    ['b', 'b = 1\n'],
  ]);
});

test('takes no comment for a statement', () => {
  expect(found('# a = 1\n  #[otel]\n\n')).toEqual([]);
});

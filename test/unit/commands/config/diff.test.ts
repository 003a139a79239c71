import { expect, test } from 'vitest';
import { diffText } from '../../../../src/commands/config/diff.ts';

const before = 'a = 1\r\nb = 2\r\nc = 3\r\nd = 4\r\ne = 5\r\n';

test('shows what changes with three lines around it', () => {
  expect(diffText('/f.toml', before, `${before}x = 6\r\n`, false).split('\n')).toEqual([
    '--- /f.toml',
    '+++ /f.toml',
    '@@ -3,3 +3,4 @@',
    ' c = 3',
    ' d = 4',
    ' e = 5',
    '+x = 6',
    '',
  ]);
});

test('has colours for a terminal only', () => {
  expect(diffText('/f', 'a\n', 'b\n', true)).toContain('\u001b[31m-a\u001b[0m\n\u001b[32m+b\u001b[0m');
  expect(diffText('/f', 'a\n', 'b\n', false)).not.toContain('\u001b');
});

test('says when there is no file', () => {
  expect(diffText('/f', undefined, 'b\n', false)).toMatch(
    /^--- \/dev\/null\n\+\+\+ \/f\n@@ -\d,0 \+1,1 @@\n\+b\n$/,
  );
});

test('lets no text of the file steer the terminal', () => {
  expect(diffText('/f', '"\u001b[2J\u202e"\n\tb\n', '', false)).toContain('-"[2J"\n-\tb\n');
});

import { expect, test } from 'vitest';
import { wordsOf } from '../../../src/commands/called-as.ts';

test.each(['codex', 'gemini', 'claude'])('the name %s stands before the words', (name) => {
  expect(wordsOf(['/node', `/home/u/bin/${name}`, '-p', 'hi'])).toEqual([name, '-p', 'hi']);
});

test.each(['/opt/ai-trace/bin/ai-trace.js', '/usr/bin/ai-trace', '/usr/bin/at', '/bin/codex.js'])(
  'the name of %s says nothing',
  (program) => {
    expect(wordsOf(['/node', program, 'codex', 'exec'])).toEqual(['codex', 'exec']);
  },
);

test('there may be no words at all', () => {
  expect(wordsOf(['/node', '/bin/claude'])).toEqual(['claude']);
  expect(wordsOf(['/node', '/bin/ai-trace'])).toEqual([]);
});

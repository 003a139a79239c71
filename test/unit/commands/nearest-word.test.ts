import { expect, test } from 'vitest';
import { nearestWord } from '../../../src/commands/nearest-word.ts';

const known = ['codex', 'gemini', 'claude', 'flush', 'prices', 'shell-init', 'help'];

test.each([
  ['cladue', 'claude'],
  ['gemni', 'gemini'],
  ['gemminni', 'gemini'],
  ['code', 'codex'],
  ['codexx', 'codex'],
  ['Codex', 'codex'],
  ['price', 'prices'],
  ['shell', 'shell-init'],
  ['shellinit', 'shell-init'],
  ['copilot', null],
  ['ls', null],
  ['c', null],
  ['', null],
])('%j may mean %j', (word, nearest) => {
  expect(nearestWord(word, known)).toBe(nearest);
});

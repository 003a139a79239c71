import { describe, expect, test } from 'vitest';
import { isQuestion, isSessionless } from '../../../src/commands/sessionless.ts';
import { claude } from '../../../src/providers/claude/claude.ts';
import { codex } from '../../../src/providers/codex/codex.ts';
import { gemini } from '../../../src/providers/gemini/gemini.ts';

describe('a command line without a session', () => {
  test.each([
    [['--version'], claude],
    [['-v'], gemini],
    [['-V'], codex],
    [['-h'], codex],
    [['--help', 'exec'], codex],
    [['login', 'status'], codex],
    [['mcp', 'list'], claude],
    [['extensions'], gemini],
  ])('is %j', (args, provider) => {
    expect(isSessionless(args, provider)).toBe(true);
  });

  test.each([
    [[], codex],
    [['exec', 'login'], codex],
    [['exec', '--', '-h'], codex],
    [['-p', 'explain --version'], claude],
    [['-p', '--help'], claude],
    [['app-server'], codex],
    [['--verbose', '-v'], claude],
    [['Login'], codex],
  ])('is not %j', (args, provider) => {
    expect(isSessionless(args, provider)).toBe(false);
  });
});

test.each(['--version', '--help', '-v', '-V', '-h'])('%s is a question', (word) => {
  expect(isQuestion(word)).toBe(true);
});

test.each(['-vv', '--versions', 'help', '', '--help=x'])('%j is none', (word) => {
  expect(isQuestion(word)).toBe(false);
});

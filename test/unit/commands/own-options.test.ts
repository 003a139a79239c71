import { describe, expect, test, vi } from 'vitest';
import { dispatch } from '../../../src/commands/dispatch.ts';
import { parseOwnOptions } from '../../../src/commands/own-options.ts';
import { version } from '../../../src/version.ts';
import { captureOutput, said } from '../../support/captured-output.ts';

const output = captureOutput();

describe('ai-trace’s own words', () => {
  test('are options', () => {
    expect(parseOwnOptions(['--tag', 'a=1', '-q', '--tag=b=2', '--forward', 'none'])).toEqual({
      kind: 'parsed',
      flags: { tag: ['a=1', 'b=2'], quiet: true, forward: ['none'] },
    });
  });

  test('may be none', () => {
    expect(parseOwnOptions([])).toEqual({ kind: 'parsed', flags: {} });
  });

  test.each(['-h', '--help'])('%s prints the help on stdout', (flag) => {
    expect(parseOwnOptions([flag])).toEqual({ kind: 'ended', code: 0 });
    expect(said(output.stdout)).toMatch(/Usage: ai-trace \[options\] <codex\|gemini\|claude>/);
    expect(said(output.stdout)).toContain('AI_TRACE_FORWARD');
    expect(said(output.stderr)).toBe('');
  });

  test.each(['-V', '--version'])('%s prints the version on stdout', (flag) => {
    expect(parseOwnOptions([flag])).toEqual({ kind: 'ended', code: 0 });
    expect(said(output.stdout)).toBe(`${version}\n`);
  });

  test.each([
    ['an option nobody knows', ['--colour'], /^ai-trace: unknown option '--colour'/],
    ['an option without its value', ['--forward'], /^ai-trace: option '--forward <url>' argument missing/],
  ])('%s is told on stderr', (_, words, expected) => {
    expect(parseOwnOptions(words)).toEqual({ kind: 'ended', code: 2 });
    expect(said(output.stderr)).toMatch(expected);
    expect(said(output.stderr)).toContain('Try: ai-trace --help');
    expect(said(output.stdout)).toBe('');
  });
});

describe('a command line that starts no CLI', () => {
  test.each([
    [['--help'], 0],
    [['--version'], 0],
    [['--forward', 'none', '--help', 'codex'], 0],
    [[], 2],
    [['-q'], 2],
    [['codx'], 2],
    [['--colour', 'codex'], 2],
    [['prices', '--help'], 0],
    [['prices', '--colour'], 2],
    [['prices', 'a', 'b'], 2],
  ])('%j ends with %d', async (argv, code) => {
    expect(await dispatch(argv)).toEqual({ code, signal: null });
  });

  test('without a word asks which CLI', async () => {
    await dispatch([]);
    expect(said(output.stderr)).toMatch(/which CLI\?.*codex, gemini, claude/);
    expect(said(output.stdout)).toBe('');
  });

  test('with an unknown word names it and the nearest known one, or all of them', async () => {
    await dispatch(['codx']);
    expect(said(output.stderr)).toMatch(/'codx' is neither.*\nDid you mean codex\?\n/);
    await dispatch(['copilot']);
    expect(said(output.stderr)).toMatch(
      /'copilot' is neither.*\nKnown: codex, gemini, claude, .*flush, prices/,
    );
  });

  test('with an unknown word and options of a CLI behind it names the word', async () => {
    expect(await dispatch(['codx', '-p', 'hi'])).toEqual({ code: 2, signal: null });
    expect(said(output.stderr)).toContain("'codx'");
  });

  test('says nothing when it shall be quiet', async () => {
    await dispatch(['-q', 'codx']);
    expect(said(output.stderr)).toBe('');
  });

  test('says nothing when the environment says it shall be quiet', async () => {
    vi.stubEnv('AI_TRACE_QUIET', '1');
    await dispatch(['codx']);
    vi.unstubAllEnvs();
    expect(said(output.stderr)).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { splitCommandLine } from '../../../src/options/command-line.ts';
import { optionTable } from '../../../src/options/table.ts';

const split = (...argv: string[]) => splitCommandLine(argv, optionTable);

describe('splitCommandLine', () => {
  it('leaves every word after the command as it is', () => {
    const rest = ['--help', '--', '', '-q', '--record', 'codex', '--tag=a=b', 'claude'];
    expect(split('codex', ...rest)).toEqual({ own: [], word: 'codex', rest });
  });

  it('keeps own flags apart', () => {
    expect(split('-q', '--tag', 'a=b', '--summary=never', 'gemini', '-q')).toEqual({
      own: ['-q', '--tag', 'a=b', '--summary=never'],
      word: 'gemini',
      rest: ['-q'],
    });
  });

  it('gives a flag its value, also when that is a command word or looks like a flag', () => {
    expect(split('--record', 'codex', 'claude')).toEqual({
      own: ['--record', 'codex'],
      word: 'claude',
      rest: [],
    });
    expect(split('--tag', '-x', 'codex')).toEqual({ own: ['--tag', '-x'], word: 'codex', rest: [] });
    expect(split('--tag', '', 'codex')).toEqual({ own: ['--tag', ''], word: 'codex', rest: [] });
  });

  it('takes an unknown option for a switch', () => {
    expect(split('--verbose', 'codex')).toEqual({ own: ['--verbose'], word: 'codex', rest: [] });
  });

  it('reads the word after -- as the command', () => {
    expect(split('-q', '--', 'codex', '--')).toEqual({ own: ['-q'], word: 'codex', rest: ['--'] });
  });

  it.each([[[]], [['--help']], [['--record']], [['-q', '--']]])('finds no word in %j', (argv) => {
    expect(split(...argv)).toMatchObject({ word: null, rest: [] });
  });

  it.each([
    [['doctor', '--json'], 'doctor', ['--json']],
    [['-q', 'codx', '-p', 'codex'], 'codx', ['-p', 'codex']],
    [['', 'codex'], '', ['codex']],
    [['--', 'other'], 'other', []],
  ])('does not judge the word of %j', (argv, word, rest) => {
    expect(split(...argv)).toMatchObject({ word, rest });
  });
});

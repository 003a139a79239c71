import { beforeAll, expect, test, vi } from 'vitest';
import { dispatch } from '../../../src/commands/dispatch.ts';
import { ownCommands } from '../../../src/commands/own-commands.ts';
import { clis } from '../../../src/providers/clis.ts';
import { captureOutput, said } from '../../support/captured-output.ts';

/** The commands load late, and for the first time: on a busy machine that may take its time. */
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  for (const { word } of ownCommands) await dispatch([word, '--help']);
  vi.restoreAllMocks();
}, 60_000);

const output = captureOutput();

const withHelp = ownCommands.filter(({ word }) => word !== 'help');

test.each(withHelp)(
  '$word runs, and its help has the options that are completed',
  async ({ word, options }) => {
    expect(await dispatch([word, '--help'])).toEqual({ code: 0, signal: null });
    const told = said(output.stdout).match(/(?<=^ +|, )--?[a-zA-Z][\w-]*/gm) ?? [];
    const offered = options.flatMap(({ names }) => names);
    if (word !== 'shell-init') expect(told.filter((name) => !/^(-h|--help)$/.test(name))).toEqual(offered);
    expect(said(output.stderr)).toBe('');
  },
);

test.each(withHelp)('help $word is $word --help', async ({ word }) => {
  await dispatch([word, '--help']);
  const text = said(output.stdout);
  output.stdout.mockClear();
  expect(await dispatch(['help', word])).toEqual({ code: 0, signal: null });
  expect(said(output.stdout)).toBe(text);
});

test('help tells of every command and every CLI', async () => {
  expect(await dispatch(['help'])).toEqual({ code: 0, signal: null });
  for (const { word, help } of ownCommands)
    expect(said(output.stdout)).toMatch(new RegExp(`^  ${word} +${help}$`, 'm'));
  for (const word of Object.keys(clis)) expect(said(output.stdout)).toContain(word);
});

test.each([{ words: ['--help'] }, { words: [] }, { words: ['shell-init'] }, { words: ['cladue'] }])(
  'no line that $words prints is longer than 80 columns',
  async ({ words }) => {
    await dispatch(words);
    const lines = (said(output.stdout) + said(output.stderr)).split('\n');
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
  },
);

test('the words that can be completed behind help have a help', () => {
  const { words = [] } = ownCommands.find(({ word }) => word === 'help') ?? {};
  expect(words).toEqual([...Object.keys(clis), ...withHelp.map(({ word }) => word)]);
});

test.each([
  { words: [], says: /needs the name of your shell(.*\n)+.*shell-init bash(.*\n)+.*shell-init fish/ },
  { words: ['tcsh'], says: /does not know 'tcsh'\. Known: bash, zsh, fish\./ },
  { words: ['bash', 'zsh'], says: /does not know 'zsh'/ },
  { words: ['--remove'], says: /needs the name/ },
])('shell-init $words is told on stderr', async ({ words, says }) => {
  expect(await dispatch(['shell-init', ...words])).toEqual({ code: 2, signal: null });
  expect(said(output.stderr)).toMatch(says);
  expect(said(output.stdout)).toBe('');
});

import { afterEach, beforeAll, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import { dispatch } from '../../../src/commands/dispatch.ts';
import { ownCommands } from '../../../src/commands/own-commands.ts';
import { clis } from '../../../src/providers/clis.ts';

/** The commands load late, and for the first time: on a busy machine that may take its time. */
beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  for (const { word } of ownCommands) await dispatch([word, '--help']);
  vi.restoreAllMocks();
}, 60_000);

type Write = MockInstance<typeof process.stdout.write>;
let stdout: Write;
let stderr: Write;
beforeEach(() => {
  stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  stdout.mockRestore();
  stderr.mockRestore();
});
const said = (stream: Write) => stream.mock.calls.map(([text]) => text).join('');

const withHelp = ownCommands.filter(({ word }) => word !== 'help');

test.each(withHelp)(
  '$word runs, and its help has the options that are completed',
  async ({ word, options }) => {
    expect(await dispatch([word, '--help'])).toEqual({ code: 0, signal: null });
    const told = said(stdout).match(/(?<=^ +|, )--?[a-zA-Z][\w-]*/gm) ?? [];
    const offered = options.flatMap(({ names }) => names);
    if (word !== 'shell-init') expect(told.filter((name) => !/^(-h|--help)$/.test(name))).toEqual(offered);
    expect(said(stderr)).toBe('');
  },
);

test.each(withHelp)('help $word is $word --help', async ({ word }) => {
  await dispatch([word, '--help']);
  const text = said(stdout);
  stdout.mockClear();
  expect(await dispatch(['help', word])).toEqual({ code: 0, signal: null });
  expect(said(stdout)).toBe(text);
});

test('help tells of every command and every CLI', async () => {
  expect(await dispatch(['help'])).toEqual({ code: 0, signal: null });
  for (const { word, help } of ownCommands)
    expect(said(stdout)).toMatch(new RegExp(`^  ${word} +${help}$`, 'm'));
  for (const word of Object.keys(clis)) expect(said(stdout)).toContain(word);
});

test.each([{ words: ['--help'] }, { words: [] }, { words: ['shell-init'] }, { words: ['cladue'] }])(
  'no line that $words prints is longer than 80 columns',
  async ({ words }) => {
    await dispatch(words);
    const lines = (said(stdout) + said(stderr)).split('\n');
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
  expect(said(stderr)).toMatch(says);
  expect(said(stdout)).toBe('');
});

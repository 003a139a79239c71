import { describe, expect, test } from 'vitest';
import { ownCommands } from '../../../src/commands/own-commands.ts';
import { optionTable } from '../../../src/options/table.ts';
import { quoteFish, quotePosix } from '../../../src/shell/quote.ts';
import { shellScripts } from '../../../src/shell/scripts.ts';
import { namesWithValue, offeredOption, shells, type Vocabulary } from '../../../src/shell/vocabulary.ts';

describe('an option', () => {
  test('with a value', () => {
    expect(offeredOption(optionTable.record)).toEqual({
      names: ['--record'],
      value: 'dir',
      offers: 'folder',
      isRepeatable: false,
      help: optionTable.record.help,
    });
  });

  test('without one, with a short name', () => {
    expect(offeredOption(optionTable.quiet)).toMatchObject({
      names: ['-q', '--quiet'],
      value: null,
      offers: [],
    });
  });

  test('that may stand several times', () => {
    expect(offeredOption(optionTable.tags)).toMatchObject({
      names: ['--tag'],
      value: 'k=v',
      isRepeatable: true,
    });
  });

  test('offers what its parser takes', () => {
    const place = { cwd: '/', home: '/' };
    const fs = { read: () => '', exists: () => true, isPrivate: () => true };
    for (const { offers, parse } of Object.values(optionTable)) {
      if (typeof offers !== 'object') continue;
      for (const word of offers) expect(parse([word], place, fs), word).toMatchObject({ ok: true });
    }
  });
});

test('the names of those with a value', () => {
  const options = [optionTable.quiet, optionTable.record, optionTable.tags].map(offeredOption);
  expect(namesWithValue(options)).toEqual(['--record', '--tag']);
});

test.each([
  ["it's", "'it'\\''s'", "'it\\'s'"],
  ['a\\b', "'a\\b'", "'a\\\\b'"],
  ['$x `y` "z"', `'$x \`y\` "z"'`, `'$x \`y\` "z"'`],
])('%s is quoted', (text, posix, fish) => {
  expect([quotePosix(text), quoteFish(text)]).toEqual([posix, fish]);
});

describe.each(shells)('the script for %s', (shell) => {
  const vocabulary: Vocabulary = {
    version: '1.2.3',
    options: Object.values(optionTable).map(offeredOption),
    clis: [
      { word: 'codex', title: 'Codex' },
      { word: 'claude', title: "Claude's" },
    ],
    installed: ['claude'],
    commands: ownCommands,
  };
  const script = shellScripts[shell].init(vocabulary);

  test('knows all options, commands and CLIs', () => {
    for (const { names } of vocabulary.options) {
      for (const name of names)
        expect(script).toContain(shell === 'fish' ? ` ${name.replace(/^-+/, '')} ` : name);
    }
    for (const { word } of [...ownCommands, ...vocabulary.clis]) expect(script).toContain(word);
  });

  test('has a name for what is installed, and for nothing else', () => {
    const definition = { bash: 'function WORD {', zsh: "alias WORD='", fish: 'function WORD ' }[shell];
    expect(script).toContain(definition.replace('WORD', 'claude'));
    expect(script).not.toContain(definition.replace('WORD', 'codex'));
  });
});

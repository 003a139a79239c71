import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cliVersionOf } from '../../../src/commands/cli-version.ts';

const npmPackage = '@google/gemini-cli';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-trace-version-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: unknown): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('is that of the package the program belongs to, through links and past other packages', () => {
  write('lib/node_modules/@google/gemini-cli/package.json', { name: npmPackage, version: '0.61.0' });
  write('lib/node_modules/@google/gemini-cli/bundle/package.json', { type: 'module' });
  const program = write('lib/node_modules/@google/gemini-cli/bundle/gemini.js', '');
  mkdirSync(join(folder, 'bin'));
  symlinkSync(program, join(folder, 'bin/gemini'));
  expect(cliVersionOf(join(folder, 'bin/gemini'), npmPackage)).toBe('0.61.0');
});

test.each([
  ['another package', { name: 'something-else', version: '1.0.0' }],
  ['no version', { name: npmPackage }],
  ['a version of another type', { name: npmPackage, version: 5 }],
  ['no package', null],
  ['a list', []],
  ['damaged JSON', '{'],
])('is not known with %s', (_, manifest) => {
  write('package.json', manifest);
  expect(cliVersionOf(write('bin/gemini', ''), npmPackage)).toBeNull();
});

test('is not known for a program that is gone', () => {
  expect(cliVersionOf(join(folder, 'gone'), npmPackage)).toBeNull();
});

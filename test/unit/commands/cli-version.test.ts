import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cliVersionOf, isTooOld } from '../../../src/commands/cli-version.ts';
import { clis } from '../../../src/providers/clis.ts';

const { gemini } = clis;
const { npmPackage } = gemini;

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
  expect(cliVersionOf(join(folder, 'bin/gemini'), gemini)).toBe('0.61.0');
});

test('does not name the platform', () => {
  write('package.json', { name: '@openai/codex', version: '0.169.0-linux-x64' });
  const program = write('vendor/x86_64-unknown-linux-musl/codex/codex', '');
  expect(cliVersionOf(program, clis.codex)).toBe('0.169.0');
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
  expect(cliVersionOf(write('bin/gemini', ''), gemini)).toBeNull();
});

test('is not known for a program that is gone', () => {
  expect(cliVersionOf(join(folder, 'gone'), gemini)).toBeNull();
});

test.each([
  ['codex', 'opt/homebrew/Caskroom/codex/0.169.0/codex-aarch64-apple-darwin', '0.169.0'],
  ['codex', 'opt/homebrew/Cellar/codex/0.169.0_1/bin/codex', '0.169.0'],
  ['gemini', 'opt/homebrew/Cellar/gemini-cli/0.61.0/libexec/gemini', '0.61.0'],
  ['claude', '.local/share/claude/versions/2.1.329', '2.1.329'],
  ['claude', 'opt/homebrew/Caskroom/claude-code/2.1.329/claude', '2.1.329'],
  ['claude', 'opt/homebrew/Caskroom/claude-code@latest/2.1.329/claude', '2.1.329'],
  // The version of something else.
  ['codex', '.nvm/versions/node/v20.1.0/bin/codex', null],
  ['codex', 'opt/homebrew/Cellar/node/20.1.0/bin/codex', null],
  ['claude', '.local/share/claude/versions/latest', null],
] as const)('of %s is in the path %s', (id, path, version) => {
  const program = write(path, '');
  mkdirSync(join(folder, 'links'));
  symlinkSync(program, join(folder, 'links', id));
  expect(cliVersionOf(join(folder, 'links', id), clis[id])).toBe(version);
});

test.each([
  ['0.6.9', true],
  ['0.7.0', false],
  ['0.7.0-preview.1', false],
  ['0.10.0', false],
  ['1.0.0', false],
  ['not a version', false],
])('%s is too old for 0.7.0: %s', (version, expected) => {
  expect(isTooOld(version, '0.7.0')).toBe(expected);
});

test.each(Object.values(clis))('the first $title is a version', ({ firstVersion }) => {
  const first = firstVersion([]);
  expect(isTooOld('0.0.0', first)).toBe(true);
  expect(isTooOld(first, first)).toBe(false);
});

test('codex without a terminal has to be newer', () => {
  expect(isTooOld('0.163.0', clis.codex.firstVersion(['-m', 'x', 'exec', 'hi']))).toBe(true);
  expect(isTooOld('0.163.0', clis.codex.firstVersion(['execute this']))).toBe(false);
});

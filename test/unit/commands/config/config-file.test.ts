import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { missingFolders, readConfig, replaceConfig } from '../../../../src/commands/config/config-file.ts';

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ai-trace-config-file-'));
  file = join(dir, 'settings');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('a byte order mark is part of the text', async () => {
  writeFileSync(file, '\ufeffa\r\n');
  expect(await readConfig(file)).toEqual({ kind: 'text', text: '\ufeffa\r\n' });
});

test('does not write over what another program has written meanwhile', async () => {
  writeFileSync(file, 'theirs');
  expect(await replaceConfig(file, 'before', 'ours')).toEqual({ kind: 'busy' });
  expect(await replaceConfig(file, undefined, 'ours')).toEqual({ kind: 'busy' });
  expect(readFileSync(file, 'utf8')).toBe('theirs');
});

test('does not make a file again that another program has removed meanwhile', async () => {
  expect(await replaceConfig(file, 'before', 'ours')).toEqual({ kind: 'busy' });
});

test('names the folders that are missing, the outermost first', () => {
  expect(missingFolders(join(dir, 'a/b/c.json'))).toEqual([join(dir, 'a'), join(dir, 'a/b')]);
  expect(missingFolders(file)).toEqual([]);
});

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PrivateFiles, readText } from '../../../src/commands/private-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-trace-private-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a private file', () => {
  test('can be read by the user alone', () => {
    const dir = join(folder, 'a', 'b');
    const path = new PrivateFiles(dir, 'run-1').write('x.json', '{"secret":1}');
    expect(path).toBe(join(dir, 'run-1.x.json'));
    expect(readFileSync(path, 'utf8')).toBe('{"secret":1}');
    expect(modeOf(path)).toBe(0o600);
    expect(modeOf(dir)).toBe(0o700);
    expect(modeOf(join(folder, 'a'))).toBe(0o700);
  });

  test('makes a folder private that was open', () => {
    const dir = join(folder, 'open');
    mkdirSync(dir, { mode: 0o755 });
    new PrivateFiles(dir, 'run-1').write('x', '');
    expect(modeOf(dir)).toBe(0o700);
  });

  test('is removed after the run, others are not', () => {
    const files = new PrivateFiles(folder, 'run-1');
    files.write('x', '');
    files.write('y', '');
    writeFileSync(join(folder, 'run-2.x'), '');
    files.remove();
    expect(readdirSync(folder)).toEqual(['run-2.x']);
  });

  test('that is gone already is no trouble', () => {
    const files = new PrivateFiles(folder, 'run-1');
    rmSync(files.write('x', ''));
    expect(() => files.remove()).not.toThrow();
  });

  test('takes over no file and follows no link that was put there', () => {
    const target = join(folder, 'target');
    writeFileSync(join(folder, 'run-1.file'), 'theirs');
    symlinkSync(target, join(folder, 'run-1.link'));
    const files = new PrivateFiles(folder, 'run-1');
    expect(() => files.write('file', 'mine')).toThrow(/EEXIST/);
    expect(() => files.write('link', 'mine')).toThrow(/EEXIST/);
    expect(existsSync(target)).toBe(false);
    files.remove();
    expect(readFileSync(join(folder, 'run-1.file'), 'utf8')).toBe('theirs');
  });

  test('that cannot be written is told', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => new PrivateFiles(join(folder, 'file'), 'run-1').write('x', '')).toThrow(/EEXIST|ENOTDIR/);
  });
});

/** Whoever may rename the folder may put settings of theirs in its place, with hooks that Claude would run. */
describe('a place that is not the user’s alone', () => {
  test('is not used: its parent can be written by everybody', () => {
    const shared = join(folder, 'ai-trace-1000');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    expect(() => new PrivateFiles(join(shared, 'ai-trace'), 'run-1').write('x', '')).toThrow();
  });

  test('is not used: a link leads to it', () => {
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'ai-trace'));
    expect(() => new PrivateFiles(join(folder, 'ai-trace'), 'run-1').write('x', '')).toThrow();
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual([]);
  });
});

test('a file that cannot be read has no text', () => {
  writeFileSync(join(folder, 'file'), 'text');
  expect(readText(join(folder, 'file'))).toBe('text');
  expect(readText(join(folder, 'gone'))).toBeUndefined();
  expect(readText(folder)).toBeUndefined();
});

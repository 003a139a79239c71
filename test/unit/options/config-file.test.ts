import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findProjectFile, optionFs } from '../../../src/options/config-file.ts';

describe('findProjectFile', () => {
  const find = (cwd: string, ...existing: string[]) =>
    findProjectFile(cwd, '/home/u', { ...optionFs, exists: (path) => existing.includes(path) });

  it('takes the nearest', () => {
    const files = ['/home/u/r/a/.ai-trace.toml', '/home/u/r/.ai-trace.toml'];
    expect(find('/home/u/r/a/b', ...files)).toBe('/home/u/r/a/.ai-trace.toml');
  });

  it('does not look above the root of the repository', () => {
    expect(find('/home/u/r/a', '/home/u/r/.git', '/home/u/.ai-trace.toml')).toBeUndefined();
    expect(find('/home/u/r/a', '/home/u/r/.git', '/home/u/r/.ai-trace.toml')).toBe(
      '/home/u/r/.ai-trace.toml',
    );
    expect(find('/srv/r/a', '/srv/r/.git', '/srv/r/.ai-trace.toml')).toBe('/srv/r/.ai-trace.toml');
  });

  it('does not look above the home directory', () => {
    expect(find('/home/u/a', '/home/u/.ai-trace.toml')).toBe('/home/u/.ai-trace.toml');
    expect(find('/home/u/a', '/home/.ai-trace.toml')).toBeUndefined();
  });

  it('looks at the current directory only, outside of both', () => {
    expect(find('/tmp/a', '/tmp/.ai-trace.toml')).toBeUndefined();
    expect(find('/tmp/a', '/tmp/a/.ai-trace.toml')).toBe('/tmp/a/.ai-trace.toml');
  });
});

describe('optionFs', () => {
  const root = mkdtempSync(join(tmpdir(), 'ai-trace-options-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('tells an absent file from one that cannot be read', () => {
    writeFileSync(join(root, 'file'), 'text');
    mkdirSync(join(root, 'directory'));
    expect(optionFs.read(join(root, 'file'))).toBe('text');
    expect(optionFs.read(join(root, 'absent'))).toBeUndefined();
    expect(optionFs.read(join(root, 'file/below'))).toBeUndefined();
    expect(() => optionFs.read(join(root, 'directory'))).toThrow('EISDIR');
  });
  it.skipIf(process.platform === 'win32')('tells who may read a file', () => {
    const file = join(root, 'secret');
    writeFileSync(file, '');
    const modes = [0o600, 0o400, 0o640, 0o604].map((mode) => {
      chmodSync(file, mode);
      return optionFs.isPrivate(file);
    });
    expect(modes).toEqual([true, true, false, false]);
  });
});

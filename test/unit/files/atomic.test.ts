import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../../src/files/atomic.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ai-trace-atomic-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('writeFileAtomic', () => {
  it("makes file and directories the user's own", async () => {
    const file = join(root, 'a/b/file.json');
    expect(await writeFileAtomic(file, 'text')).toEqual({ kind: 'written' });
    expect(readFileSync(file, 'utf8')).toBe('text');
    expect([modeOf(file), modeOf(join(root, 'a')), modeOf(join(root, 'a/b'))]).toEqual(['600', '700', '700']);
  });

  it('takes another mode', async () => {
    await writeFileAtomic(join(root, 'file'), 'text', 0o400);
    expect(modeOf(join(root, 'file'))).toBe('400');
  });

  it('replaces a file as a whole: who has the old one open goes on reading the old text', async () => {
    const file = join(root, 'file');
    writeFileSync(file, 'old');
    const reader = await open(file);
    expect(await writeFileAtomic(file, 'new')).toEqual({ kind: 'written' });
    expect(await reader.readFile('utf8')).toBe('old');
    await reader.close();
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(root)).toEqual(['file']);
  });

  it('leaves nothing behind when it fails', async () => {
    mkdirSync(join(root, 'taken'));
    writeFileSync(join(root, 'file'), '');
    expect(await writeFileAtomic(join(root, 'taken'), 'text')).toEqual({ kind: 'failed', reason: 'EISDIR' });
    const below = await writeFileAtomic(join(root, 'file/below'), 'text');
    expect(below).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^(ENOTDIR|EEXIST)$/) });
    // Here it is the rename that fails, when the temporary file has been written.
    const noFile = await writeFileAtomic(`${root}/new/`, 'text');
    expect(noFile).toEqual({ kind: 'failed', reason: 'ENOTDIR' });
    expect(readdirSync(root).sort()).toEqual(['file', 'taken']);
  });

  it('keeps a symbolic link and replaces its target', async () => {
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere/target'), 'old');
    symlinkSync('elsewhere/target', join(root, 'link'));
    expect(await writeFileAtomic(join(root, 'link'), 'new')).toEqual({ kind: 'written' });
    expect(lstatSync(join(root, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'elsewhere/target'), 'utf8')).toBe('new');
  });

  it.runIf(process.platform !== 'win32')('writes to a pipe instead of replacing it', async () => {
    const pipe = join(root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = await open(pipe, 'r+');
    expect(await writeFileAtomic(pipe, 'text')).toEqual({ kind: 'written' });
    const { buffer, bytesRead } = await reader.read(Buffer.alloc(10));
    await reader.close();
    expect(buffer.toString('utf8', 0, bytesRead)).toBe('text');
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(existsSync(pipe)).toBe(true);
  });
});

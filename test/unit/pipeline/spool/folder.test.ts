import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOwnFolder, makeOwnFolder } from '../../../../src/pipeline/spool/folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ai-trace-folder-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const hasModes = process.platform !== 'win32';

describe.runIf(hasModes)('the folder', () => {
  it("is made with those above, and nobody else's to read", () => {
    makeOwnFolder(join(root, 'state/spool'));
    expect([modeOf(join(root, 'state')), modeOf(join(root, 'state/spool'))]).toEqual(['700', '700']);
  });

  it('is closed when it was open to be read', () => {
    mkdirSync(join(root, 'spool'), { mode: 0o755 });
    makeOwnFolder(join(root, 'spool'));
    expect(modeOf(join(root, 'spool'))).toBe('700');
  });

  it.each([
    ['others can write there', (dir: string) => chmodSync(dir, 0o777)],
    ['others can rename it', (dir: string) => chmodSync(join(dir, '..'), 0o777)],
  ])('is refused when %s', (_, open) => {
    const dir = join(root, 'state/spool');
    mkdirSync(dir, { recursive: true });
    expect(isOwnFolder(dir)).toBe(true);
    open(dir);
    expect(isOwnFolder(dir)).toBe(false);
    expect(() => makeOwnFolder(dir)).toThrow(expect.objectContaining({ code: 'EPERM' }));
  });

  it('is refused when it is a link, even to a folder of ours', () => {
    mkdirSync(join(root, 'elsewhere'), { mode: 0o700 });
    symlinkSync('elsewhere', join(root, 'spool'));
    expect(() => makeOwnFolder(join(root, 'spool'))).toThrow(expect.objectContaining({ code: 'EPERM' }));
  });

  it('may lie in one that the user has put elsewhere by a link', () => {
    mkdirSync(join(root, 'disk'), { mode: 0o700 });
    symlinkSync('disk', join(root, 'state'));
    makeOwnFolder(join(root, 'state/spool'));
    expect(isOwnFolder(join(root, 'state/spool'))).toBe(true);
  });

  it.runIf(process.getuid?.() === 0)("is refused when it is another user's", () => {
    mkdirSync(join(root, 'spool'), { mode: 0o700 });
    chownSync(join(root, 'spool'), 12_345, 12_345);
    expect(isOwnFolder(join(root, 'spool'))).toBe(false);
  });

  it('is none of ours when there is none', () => {
    expect(isOwnFolder(join(root, 'nowhere'))).toBe(false);
  });
});

import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ConfigTarget, undoConfig, writeConfig } from '../../../../src/commands/config/apply.ts';
import { Records } from '../../../../src/commands/config/record.ts';
import { persistentSettings } from '../../../../src/providers/persistent.ts';

const endpoint = 'http://127.0.0.1:4318';
let dir: string;
let records: Records;
let target: ConfigTarget;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ai-trace-config-'));
  records = new Records(join(dir, 'state/config'));
  target = { id: 'codex', persistent: persistentSettings.codex, file: join(dir, 'codex/config.toml') };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(text: string | Buffer): void {
  mkdirSync(join(dir, 'codex'), { recursive: true });
  writeFileSync(target.file, text);
}

const write = (force = false, to = endpoint) => writeConfig(target, to, force, records);
const undo = (force = false) => undoConfig(target, force, records);
const now = () => readFileSync(target.file, 'utf8');
const kept = () => (existsSync(join(dir, 'state/config')) ? readdirSync(join(dir, 'state/config')) : []);

describe('a file that is there', () => {
  test('is written with a backup, and restored', async () => {
    put('model = "x"\n');
    const result = await write();
    expect(result).toMatchObject({ kind: 'written', endpoint, replaced: [] });
    expect(readFileSync((result as { backup: string }).backup, 'utf8')).toBe('model = "x"\n');
    expect(now()).toContain('[otel]');
    expect(await undo()).toEqual({ kind: 'undone', how: 'restored' });
    expect(now()).toBe('model = "x"\n');
    expect(kept()).toEqual([]);
    expect(readdirSync(join(dir, 'codex'))).toEqual(['config.toml']);
  });

  test('is undone once', async () => {
    put('model = "x"\n');
    await write();
    await undo();
    expect(await undo()).toEqual({ kind: 'nothing_to_undo' });
    expect(now()).toBe('model = "x"\n');
  });

  test('keeps what the user changed since', async () => {
    put('model = "x"\n');
    await write();
    writeFileSync(target.file, `# mine\n${now()}`);
    expect(await undo()).toEqual({ kind: 'undone', how: 'taken_out' });
    expect(now()).toBe('# mine\nmodel = "x"\n');
  });

  test('goes back to its beginning after it was written twice', async () => {
    put('model = "x"\n');
    await write();
    expect(await write(false, 'http://alloy:4318')).toMatchObject({ kind: 'written' });
    expect(await write(false, 'http://alloy:4318')).toEqual({
      kind: 'already',
      endpoint: 'http://alloy:4318',
    });
    expect(now()).not.toContain(endpoint);
    expect(await undo()).toEqual({ kind: 'undone', how: 'restored' });
    expect(now()).toBe('model = "x"\n');
  });

  test('keeps its mode, and both the files of the record are the user alone to read', async () => {
    put('model = "x"\n');
    chmodSync(target.file, 0o664);
    await write();
    expect(statSync(target.file).mode & 0o7777).toBe(0o664);
    for (const name of kept()) expect(statSync(join(dir, 'state/config', name)).mode & 0o777).toBe(0o600);
    await undo();
    expect(statSync(target.file).mode & 0o7777).toBe(0o664);
  });

  test.runIf(process.getuid?.() === 0)('keeps its owner', async () => {
    put('model = "x"\n');
    chownSync(target.file, 12345, 23456);
    await write();
    expect(statSync(target.file)).toMatchObject({ uid: 12345, gid: 23456 });
  });

  test('stays behind a link', async () => {
    mkdirSync(join(dir, 'codex'));
    mkdirSync(join(dir, 'dotfiles'));
    writeFileSync(join(dir, 'dotfiles/codex.toml'), 'model = "x"\n');
    symlinkSync('../dotfiles/codex.toml', target.file);
    await write();
    expect(readlinkSync(target.file)).toBe('../dotfiles/codex.toml');
    expect(readFileSync(join(dir, 'dotfiles/codex.toml'), 'utf8')).toContain('[otel]');
    await undo();
    expect(readFileSync(join(dir, 'dotfiles/codex.toml'), 'utf8')).toBe('model = "x"\n');
    expect(readlinkSync(target.file)).toBe('../dotfiles/codex.toml');
  });

  test('stays the same file under all its names', async () => {
    put('model = "x"\n');
    linkSync(target.file, join(dir, 'other.toml'));
    await write();
    expect(readFileSync(join(dir, 'other.toml'), 'utf8')).toBe(now());
    expect(statSync(target.file).nlink).toBe(2);
  });

  test('whose own settings are replaced is told of them, and has them back', async () => {
    put('[otel]\nenvironment = "dev"\n');
    expect(await write()).toEqual({ kind: 'foreign', keys: ['otel', 'otel.environment'] });
    expect(now()).toBe('[otel]\nenvironment = "dev"\n');
    expect(await write(true)).toMatchObject({ kind: 'written', replaced: ['otel', 'otel.environment'] });
    expect(await undo()).toEqual({ kind: 'undone', how: 'restored' });
    expect(now()).toBe('[otel]\nenvironment = "dev"\n');
  });

  test('keeps the text before when ours is gone, and with it what it replaced', async () => {
    put('[otel]\nenvironment = "dev"\n');
    await write(true);
    writeFileSync(target.file, '');
    const result = await undo();
    expect(result).toMatchObject({ kind: 'gone' });
    expect(readFileSync((result as { backup: string }).backup, 'utf8')).toBe('[otel]\nenvironment = "dev"\n');
  });
});

describe('a file that is not there', () => {
  test('is made with its folder, and both are gone again', async () => {
    expect(await write()).toMatchObject({ kind: 'written', backup: null });
    expect(statSync(target.file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'codex')).mode & 0o777).toBe(0o700);
    expect(await undo()).toEqual({ kind: 'undone', how: 'removed' });
    expect(existsSync(join(dir, 'codex'))).toBe(false);
  });

  test('leaves its folder when something else is in it', async () => {
    await write();
    writeFileSync(join(dir, 'codex/auth.json'), '{}');
    await undo();
    expect(readdirSync(join(dir, 'codex'))).toEqual(['auth.json']);
  });

  test('is made where a link leads that leads to nothing yet', async () => {
    mkdirSync(join(dir, 'codex'));
    mkdirSync(join(dir, 'dotfiles'));
    symlinkSync('../dotfiles/codex.toml', target.file);
    await write();
    expect(readlinkSync(target.file)).toBe('../dotfiles/codex.toml');
    expect(existsSync(join(dir, 'dotfiles/codex.toml'))).toBe(true);
    await undo();
    expect(readdirSync(join(dir, 'dotfiles'))).toEqual([]);
    expect(readlinkSync(target.file)).toBe('../dotfiles/codex.toml');
  });

  test('has nothing to undo', async () => {
    expect(await undo()).toEqual({ kind: 'nothing_to_undo' });
  });

  test('that was made and removed by hand is forgotten', async () => {
    await write();
    rmSync(target.file);
    expect(await undo()).toEqual({ kind: 'nothing_to_undo' });
    expect(kept()).toEqual([]);
  });
});

describe('nothing is changed', () => {
  test('in a read-only file', async () => {
    put('model = "x"\n');
    chmodSync(target.file, 0o444);
    expect(await write()).toEqual({ kind: 'read_only' });
    expect(now()).toBe('model = "x"\n');
    expect(kept()).toEqual([]);
  });

  test('in a file that is no UTF-8', async () => {
    put(Buffer.from([0x61, 0x20, 0x3d, 0x20, 0x22, 0xff, 0x22, 0x0a]));
    expect(await write()).toEqual({ kind: 'not_utf8' });
    expect(await undo()).toEqual({ kind: 'not_utf8' });
  });

  test('in a file that cannot be parsed', async () => {
    put('model =\n');
    expect(await write()).toMatchObject({ kind: 'unparsable', line: 1 });
    expect(now()).toBe('model =\n');
  });

  test('where the folder is none', async () => {
    writeFileSync(join(dir, 'codex'), '');
    expect(await write()).toEqual({ kind: 'failed', reason: 'ENOTDIR' });
  });

  test('where a folder has the name of the file', async () => {
    mkdirSync(target.file, { recursive: true });
    expect(await write()).toEqual({ kind: 'failed', reason: 'EISDIR' });
  });

  test('where nothing can be kept', async () => {
    put('model = "x"\n');
    writeFileSync(join(dir, 'state'), '');
    expect(await write()).toMatchObject({ kind: 'failed' });
    expect(now()).toBe('model = "x"\n');
  });
});

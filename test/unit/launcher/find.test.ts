import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExecutable } from '../../../src/launcher/find.ts';

describe('on a POSIX system', () => {
  let root = '';
  let self = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'ai-trace-find-'));
    self = program('own/ai-trace.js');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function program(name: string, mode = 0o755): string {
    const file = join(root, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, mode);
    return file;
  }
  const find = (name: string, ...entries: string[]) =>
    findExecutable(name, { path: entries.join(':'), cwd: root, self, platform: 'linux' });
  const found = (file: string) => ({ kind: 'found', file, leadingArgs: [] });

  it('takes the first match on PATH', () => {
    const first = program('a/codex');
    program('b/codex');
    expect(find('codex', join(root, 'none'), join(root, 'a'), join(root, 'b'))).toEqual(found(first));
  });

  it('passes over itself, under any name and through any link', () => {
    const real = program('z/codex');
    mkdirSync(join(root, 'links'));
    symlinkSync(self, join(root, 'own-link'));
    symlinkSync(join(root, 'own-link'), join(root, 'links/codex'));
    expect(find('codex', join(root, 'links'), join(root, 'z'))).toEqual(found(real));
    expect(find('codex', join(root, 'links'))).toEqual({ kind: 'not_found' });
  });

  it('knows itself when it was started through a link', () => {
    symlinkSync(self, join(root, 'started-as'));
    mkdirSync(join(root, 'links'));
    symlinkSync(self, join(root, 'links/codex'));
    const search = { path: join(root, 'links'), cwd: root, platform: 'linux' } as const;
    const result = findExecutable('codex', { ...search, self: join(root, 'started-as') });
    expect(result).toEqual({ kind: 'not_found' });
  });

  it('keeps the name of a link to another program', () => {
    const real = program('lib/codex.js');
    mkdirSync(join(root, 'bin'));
    symlinkSync(real, join(root, 'bin/codex'));
    expect(find('codex', join(root, 'bin'))).toEqual(found(join(root, 'bin/codex')));
  });

  it('passes over directories, broken links and files without the execute permission', () => {
    mkdirSync(join(root, 'dir/codex'), { recursive: true });
    mkdirSync(join(root, 'broken'));
    symlinkSync(join(root, 'gone'), join(root, 'broken/codex'));
    program('plain/codex', 0o644);
    const real = program('z/codex');
    const entries = ['dir', 'broken', 'plain', 'z'].map((each) => join(root, each));
    expect(find('codex', ...entries)).toEqual(found(real));
  });

  it('tells of a file that may not be executed when there is no other', () => {
    const plain = program('plain/codex', 0o644);
    expect(find('codex', join(root, 'plain'))).toEqual({ kind: 'not_executable', file: plain });
  });

  it('reads an empty entry as the current directory, and relative ones from there', () => {
    const here = program('codex');
    const there = program('sub/claude');
    expect(find('codex', '/nowhere', '')).toEqual(found(here));
    expect(find('claude', 'sub')).toEqual(found(there));
  });

  it('uses a name with a slash directly', () => {
    const file = program('sub/codex');
    program('a/codex');
    expect(find('./sub/codex', join(root, 'a'))).toEqual(found(file));
    expect(find(file, '')).toEqual(found(file));
    expect(find('./codex', join(root, 'a'))).toEqual({ kind: 'not_found' });
  });

  it('searches the usual directories when PATH is not set', () => {
    const result = findExecutable('sh', { path: undefined, self, platform: 'linux' });
    expect(result).toEqual(found('/bin/sh'));
  });
});

describe('on Windows (a made-up file system)', () => {
  const npm = 'C:\\npm';
  const shim = (target: string) => `@ECHO off\r\n"%_prog%"  "%dp0%\\${target}" %*\r\n`;

  function find(files: Record<string, string>, { path = npm, name = 'codex', self = 'C:\\own.js' } = {}) {
    const search = {
      path,
      pathExt: '.COM;.EXE;.BAT;.CMD;.VBS',
      cwd: 'C:\\work',
      self,
      platform: 'win32',
    } as const;
    return findExecutable(name, {
      ...search,
      fs: {
        isFile: (file) => file in files,
        isExecutable: () => true,
        realpath: (file) => file,
        read: (file) => files[file] ?? '',
      },
    });
  }

  it('tries the extensions of PATHEXT, and not the bare name', () => {
    const files = { 'C:\\npm\\codex': '#!/bin/sh', 'C:\\bin\\codex.exe': '' };
    const result = find(files, { path: 'C:\\npm;C:\\bin' });
    expect(result).toEqual({ kind: 'found', file: 'C:\\bin\\codex.exe', leadingArgs: [] });
  });

  it('starts the script behind an npm shim with Node, without a shell', () => {
    const target = 'node_modules\\@openai\\codex\\bin\\codex.js';
    const result = find({ 'C:\\npm\\codex.cmd': shim(target) });
    expect(result).toEqual({ kind: 'found', file: process.execPath, leadingArgs: [`C:\\npm\\${target}`] });
  });

  it('starts the program behind an npm shim', () => {
    const result = find({ 'C:\\npm\\codex.cmd': '@ECHO off\r\n"%~dp0\\lib\\codex.exe"   %*\r\n' });
    expect(result).toEqual({ kind: 'found', file: 'C:\\npm\\lib\\codex.exe', leadingArgs: [] });
  });

  it('does not run other batch files', () => {
    const result = find({ 'C:\\npm\\codex.cmd': 'echo %*' });
    expect(result).toEqual({ kind: 'not_executable', file: 'C:\\npm\\codex.cmd' });
  });

  it('passes over a shim that leads to ai-trace', () => {
    const files = { 'C:\\npm\\codex.cmd': shim('ai-trace\\bin\\ai-trace.js') };
    const self = 'C:\\npm\\ai-trace\\bin\\ai-trace.js';
    expect(find(files, { self })).toEqual({ kind: 'not_found' });
  });
});

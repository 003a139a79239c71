import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findExecutable } from '../../../src/launcher/find.ts';
import { programFiles } from '../../../src/launcher/program-files.ts';

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
  const found = (file: string) => ({ kind: 'found', file, leadingArgs: [], waiting: [] });

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
    expect(find('codex', join(root, 'links'))).toEqual({
      kind: 'only_ourselves',
      file: join(root, 'links/codex'),
    });
  });

  it('passes over hard links to itself, and other copies of ai-trace', () => {
    const real = program('z/codex');
    mkdirSync(join(root, 'hard'));
    linkSync(self, join(root, 'hard/codex'));
    mkdirSync(join(root, 'copy'));
    symlinkSync(program('second/ai-trace.js'), join(root, 'copy/codex'));
    expect(find('codex', join(root, 'hard'), join(root, 'copy'), join(root, 'z'))).toEqual(found(real));
  });

  it('passes over what has led back to it', () => {
    const shim = program('shims/codex');
    const real = program('z/codex');
    const search = {
      path: [join(root, 'shims'), join(root, 'z')].join(':'),
      cwd: root,
      self,
      platform: 'linux',
    } as const;
    expect(findExecutable('codex', { ...search, skip: [shim] })).toEqual(found(real));
  });

  describe('a script that is above it', () => {
    const parentArgs = (script: string) => () => ['/bin/sh', script, 'exec', ''];
    const search = (...entries: string[]) =>
      ({
        path: entries.map((each) => join(root, each)).join(':'),
        cwd: root,
        self,
        platform: 'linux',
      }) as const;

    it('is passed over and told: it waits for us', () => {
      const shim = program('shims/codex');
      const real = program('z/codex');
      const result = findExecutable('codex', { ...search('shims', 'z'), parentArgs: parentArgs(shim) });
      expect(result).toEqual({ ...found(real), waiting: [shim] });
    });

    it('is the CLI when it belongs to its package: it runs us as a tool', () => {
      const script = program('lib/node_modules/@openai/codex/bin/codex');
      const result = findExecutable('codex', {
        ...search('lib/node_modules/@openai/codex/bin'),
        parentArgs: parentArgs(script),
        npmPackage: '@openai/codex',
      });
      expect(result).toEqual(found(script));
    });

    it('is the CLI when it is no script', () => {
      const binary = program('bin/claude');
      writeFileSync(binary, '\x7fELF\0\0');
      const result = findExecutable('claude', { ...search('bin'), parentArgs: parentArgs(binary) });
      expect(result).toEqual(found(binary));
    });
  });

  it('knows itself when it was started through a link', () => {
    symlinkSync(self, join(root, 'started-as'));
    mkdirSync(join(root, 'links'));
    symlinkSync(self, join(root, 'links/codex'));
    const search = { path: join(root, 'links'), cwd: root, platform: 'linux' } as const;
    const result = findExecutable('codex', { ...search, self: join(root, 'started-as') });
    expect(result).toMatchObject({ kind: 'only_ourselves' });
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

  it('tells of a link to nothing when there is no other', () => {
    mkdirSync(join(root, 'broken'));
    symlinkSync(join(root, 'gone'), join(root, 'broken/codex'));
    expect(find('codex', join(root, 'none'), join(root, 'broken'))).toEqual({
      kind: 'dangling_link',
      file: join(root, 'broken/codex'),
    });
  });

  it('tells of a directory that is named itself', () => {
    mkdirSync(join(root, 'dir/codex'), { recursive: true });
    expect(find('./dir/codex')).toEqual({ kind: 'directory', file: join(root, 'dir/codex') });
    expect(find('codex', join(root, 'dir'))).toEqual({ kind: 'not_found' });
  });

  it('gives a text without #! to the shell, and nothing else', () => {
    const text = program('a/codex');
    writeFileSync(text, 'echo hi\n');
    expect(find('codex', join(root, 'a'))).toEqual({ ...found('/bin/sh'), leadingArgs: [text] });
    writeFileSync(text, 'MZ\x90\0');
    expect(find('codex', join(root, 'a'))).toEqual(found(text));
    writeFileSync(text, '');
    expect(find('codex', join(root, 'a'))).toEqual(found(text));
  });

  describe('a program for another processor', () => {
    const arm64 = Buffer.alloc(64);
    arm64.write('\x7fELF\x02\x01', 'latin1');
    arm64.writeUInt16LE(183, 18);
    const search = { cwd: '/', self: '/own', platform: 'linux', arch: 'x64' } as const;
    const fs = (runsForeign: boolean) => ({
      ...programFiles,
      head: () => arm64.toString('latin1'),
      runsForeign: () => runsForeign,
    });

    it('is told', () => {
      const file = program('a/codex');
      expect(findExecutable(file, { ...search, path: '', fs: fs(false) })).toEqual({
        kind: 'foreign_program',
        file,
        machine: 'arm64',
      });
    });

    it('is started where the system has an emulator', () => {
      const file = program('a/codex');
      expect(findExecutable(file, { ...search, path: '', fs: fs(true) })).toEqual(found(file));
    });
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
        look: (file) => (file in files ? { isDirectory: false, identity: file } : null),
        isLink: () => false,
        isExecutable: () => true,
        realpath: (file) => file,
        read: (file) => files[file] ?? '',
        head: () => '',
        runsForeign: () => false,
      },
    });
  }

  it('tries the extensions of PATHEXT, and not the bare name', () => {
    const files = { 'C:\\npm\\codex': '#!/bin/sh', 'C:\\bin\\codex.exe': '' };
    const result = find(files, { path: 'C:\\npm;C:\\bin' });
    expect(result).toEqual({ kind: 'found', file: 'C:\\bin\\codex.exe', leadingArgs: [], waiting: [] });
  });

  it('starts the script behind an npm shim with Node, without a shell', () => {
    const target = 'node_modules\\@openai\\codex\\bin\\codex.js';
    const result = find({ 'C:\\npm\\codex.cmd': shim(target) });
    expect(result).toEqual({
      kind: 'found',
      file: process.execPath,
      leadingArgs: [`C:\\npm\\${target}`],
      waiting: [],
    });
  });

  it('starts the program behind an npm shim', () => {
    const result = find({ 'C:\\npm\\codex.cmd': '@ECHO off\r\n"%~dp0\\lib\\codex.exe"   %*\r\n' });
    expect(result).toEqual({ kind: 'found', file: 'C:\\npm\\lib\\codex.exe', leadingArgs: [], waiting: [] });
  });

  it('does not run other batch files', () => {
    const result = find({ 'C:\\npm\\codex.cmd': 'echo %*' });
    expect(result).toEqual({ kind: 'not_executable', file: 'C:\\npm\\codex.cmd' });
  });

  it('passes over a shim that leads to ai-trace', () => {
    const files = { 'C:\\npm\\codex.cmd': shim('ai-trace\\bin\\ai-trace.js') };
    const self = 'C:\\npm\\ai-trace\\bin\\ai-trace.js';
    expect(find(files, { self })).toEqual({ kind: 'only_ourselves', file: 'C:\\npm\\codex.cmd' });
  });
});

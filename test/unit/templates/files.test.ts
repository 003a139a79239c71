import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { templates } from '../../../src/templates/catalogue.ts';
import { readTemplate } from '../../../src/templates/files.ts';
import { writeFiles } from '../../../src/templates/write.ts';

const shipped = fileURLToPath(new URL('../../../templates', import.meta.url));

const two = [
  { path: 'a.yaml', bytes: Buffer.from('a') },
  { path: 'folder/b.yaml', bytes: Buffer.from('b') },
];

describe('the catalogue', () => {
  test.each(templates)('has files for $name', async (template) => {
    const files = await readTemplate(shipped, template);
    expect(files.length).toBeGreaterThan(0);
    for (const { path, bytes } of files) {
      expect(path).not.toMatch(/^\.|\\|\.\.\//);
      expect(bytes.length).toBeGreaterThan(0);
    }
  });

  test('has every folder of templates/', () => {
    const folders = new Set(templates.flatMap(({ parts }) => parts.map((part) => part.split('/')[0])));
    expect([...folders].sort()).toEqual(readdirSync(shipped).sort());
  });

  test('leaves no file of Alloy and the collector out', () => {
    const parts = templates.flatMap(({ parts }) => parts);
    for (const folder of ['alloy', 'collector']) {
      for (const name of readdirSync(join(shipped, folder))) expect(parts).toContain(`${folder}/${name}`);
    }
  });

  test('writes one file without its folder, and what belongs together with theirs', async () => {
    const pathsOf = async (name: string) => {
      const template = templates.find((each) => each.name === name);
      return template ? (await readTemplate(shipped, template)).map(({ path }) => path) : [];
    };
    expect(await pathsOf('alloy-team')).toEqual(['team.alloy']);
    expect(await pathsOf('nix')).toEqual(['flake.nix', 'home-manager.nix', 'package.nix']);
    expect(await pathsOf('compose')).toEqual(
      expect.arrayContaining(['alloy/single-user.alloy', 'compose/compose.yaml', 'grafana/datasources.yaml']),
    );
  });
});

describe('writing a template', () => {
  test('makes the folders and the files', async () => {
    const dir = join(scratch(), 'new');
    expect(await writeFiles(dir, two)).toEqual({
      kind: 'written',
      written: ['a.yaml', 'folder/b.yaml'],
      kept: [],
    });
    expect(readFileSync(join(dir, 'folder/b.yaml'), 'utf8')).toBe('b');
  });

  test('once more changes nothing', async () => {
    const dir = scratch();
    await writeFiles(dir, two);
    expect(await writeFiles(dir, two)).toEqual({
      kind: 'written',
      written: [],
      kept: ['a.yaml', 'folder/b.yaml'],
    });
  });

  test('writes nothing at all where another file is in the way', async () => {
    const dir = scratch();
    mkdirSync(join(dir, 'folder'));
    writeFileSync(join(dir, 'folder/b.yaml'), 'mine');
    expect(await writeFiles(dir, two)).toEqual({ kind: 'in_the_way', files: ['folder/b.yaml'] });
    expect(readdirSync(dir)).toEqual(['folder']);
    expect(readFileSync(join(dir, 'folder/b.yaml'), 'utf8')).toBe('mine');
  });

  test('does not write through a link, even one to nowhere', async () => {
    const dir = scratch();
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'a.yaml'));
    expect(await writeFiles(dir, two)).toEqual({ kind: 'in_the_way', files: ['a.yaml'] });
    expect(readdirSync(dir)).toEqual(['a.yaml']);
  });

  test('leaves nothing behind when it cannot go on', async () => {
    const dir = scratch();
    writeFileSync(join(dir, 'folder'), 'a file where a folder should be');
    expect(await writeFiles(dir, two)).toEqual({ kind: 'in_the_way', files: ['folder/b.yaml'] });
    expect(readdirSync(dir)).toEqual(['folder']);
  });

  test('says what the system said', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    expect(await writeFiles(join(file, 'below'), two)).toEqual({
      kind: 'failed',
      file: join(file, 'below/a.yaml'),
      reason: 'ENOTDIR',
    });
  });
});

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ai-trace-template-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

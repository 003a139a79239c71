import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { templateCommand } from '../../../src/commands/template-command.ts';
import { templates } from '../../../src/templates/catalogue.ts';

const team = fileURLToPath(new URL('../../../templates/alloy/team.alloy', import.meta.url));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('ai-trace template', () => {
  test('lists every template with a line of its own', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    for (const { name, about } of templates) expect(out).toMatch(new RegExp(`^  ${name} +${about}$`, 'm'));
  });

  test('prints one file as it is', async () => {
    const { code, out, err } = await run('alloy-team');
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(team, 'utf8'));
    expect(err).toBe('');
  });

  test('of several files prints the names', async () => {
    const { code, out } = await run('nix');
    expect(code).toBe(0);
    expect(out).toMatch(/^nix has 3 files:\n {2}flake\.nix\n/);
    expect(out).toContain('ai-trace template nix --out DIR');
  });

  test('writes below a folder, and says what', async () => {
    const dir = scratch();
    const { code, out } = await run('alloy-team', '--out', dir);
    expect(code).toBe(0);
    expect(out).toContain('team.alloy');
    expect(readFileSync(join(dir, 'team.alloy'))).toEqual(readFileSync(team));
  });

  test('overwrites nothing', async () => {
    const dir = scratch();
    writeFileSync(join(dir, 'flake.nix'), 'mine');
    const { code, out, err } = await run('nix', '--out', dir);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('flake.nix');
    expect(existsSync(join(dir, 'package.nix'))).toBe(false);
  });

  test.each([
    [['aloy'], "no template 'aloy'"],
    [['--out', 'somewhere'], 'which template?'],
    [['alloy', '--in'], 'unknown option'],
    [['alloy', 'compose'], 'too many arguments'],
  ])('refuses %j', async (words, told) => {
    const { code, err } = await run(...words);
    expect(code).toBe(2);
    expect(err).toMatch(/^ai-trace: /);
    expect(err).toContain(told);
  });

  test('has help', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    expect(out).toContain('--out <dir>');
  });
});

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { out: '', err: '' };
  const keep = (name: 'out' | 'err') => (chunk: string | Uint8Array) => {
    told[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  const code = await templateCommand(words);
  vi.restoreAllMocks();
  return { code, ...told };
}

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ai-trace-template-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

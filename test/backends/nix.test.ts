/** The flake and the module for home-manager, read and evaluated by the real Nix; nixpkgs is a stand-in. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ensurePrograms, programFile } from '../../scripts/debian.mjs';
import { templates } from '../../src/templates/catalogue.ts';

const folder = fileURLToPath(new URL('../../templates/nix', import.meta.url));
const evaluate = fileURLToPath(new URL('../fixtures/nix/evaluate.nix', import.meta.url));
const shipped = readdirSync(folder);

const missing = await ensurePrograms({ 'nix-instantiate': 'nix-bin' });
if (missing !== null && process.env['CI']) throw new Error(`no Nix: ${missing}`);
if (missing !== null) console.error(`\nTESTS WERE SKIPPED, no Nix: ${missing}`);

describe.skipIf(missing !== null)('Nix', () => {
  test.each(shipped)('reads templates/nix/%s', (name) => {
    expect(nix('--parse', join(folder, name))).not.toBe('');
  });

  test('would say so if it could not', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'ai-trace-nix-'));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    writeFileSync(join(scratch, 'faulty.nix'), '{ a = }');
    expect(() => nix('--parse', join(scratch, 'faulty.nix'))).toThrow('syntax error');
  });

  describe('makes of them', () => {
    // biome-ignore lint/suspicious/noExplicitAny: what the expression of the fixture gives
    let made: any;
    beforeAll(() => {
      made = JSON.parse(nix('--eval', '--strict', '--json', '-E', `import ${evaluate} ${folder}`));
    });

    test('the package, in the version of package.json, and the CLIs', () => {
      expect(made.package).toMatchObject({
        pname: 'ai-trace',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      });
      expect(made.names).toEqual(['ai-trace', 'claude', 'codex', 'default', 'gemini']);
    });

    test('nothing while it is not enabled', () => {
      expect(made.off).toEqual({});
    });

    test('the package and the aliases, and no more, once it is', () => {
      expect(made.usual).toEqual({
        home: {
          packages: [expect.stringContaining('ai-trace')],
          shellAliases: { codex: 'ai-trace codex', gemini: 'ai-trace gemini', claude: 'ai-trace claude' },
        },
        xdg: { configFile: {} },
        systemd: { user: { services: { 'ai-trace-alloy': {} } } },
      });
    });

    test('CLIs, settings and an Alloy with the template that is asked for', () => {
      expect(made.full.home.packages).toEqual([expect.stringContaining('ai-trace'), '/store/codex']);
      expect(made.full.home.shellAliases).toEqual({});
      expect(made.full.xdg.configFile['ai-trace/config.toml'].source).toContain('{"budget":5}');
      const { Service } = made.full.systemd.user.services['ai-trace-alloy'];
      expect(Service.ExecStart).toMatch(
        / --stability\.level=public-preview .*\/templates\/alloy\/persistent-queue\.alloy$/,
      );
      expect(Service).toMatchObject({
        Environment: ['TEMPO_OTLP_ENDPOINT=http://tempo'],
        EnvironmentFile: '/secrets',
      });
    });

    test('an option for each template of Alloy', () => {
      const files = templates.flatMap(({ parts }) => parts).filter((part) => part.endsWith('.alloy'));
      const variants = new Set(files.map((file) => file.replace(/^alloy\/|\.alloy$/g, '')));
      expect(new Set(made.variants.split('|'))).toEqual(variants);
    });
  });
});

/** Only reads: what it calls its store is a folder that is gone afterwards. @throws {Error} with what it said */
function nix(...words: string[]): string {
  const scratch = mkdtempSync(join(tmpdir(), 'ai-trace-nix-'));
  try {
    return execFileSync(programFile('nix-instantiate') ?? '', words, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        HOME: scratch,
        NIX_STORE_DIR: join(scratch, 'store'),
        NIX_STATE_DIR: join(scratch, 'state'),
        NIX_LOG_DIR: join(scratch, 'log'),
      },
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
